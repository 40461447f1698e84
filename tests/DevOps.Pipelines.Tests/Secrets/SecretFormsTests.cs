using System.Net;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class SecretFormsTests
{
    private const string Sample = """p@ss w'rd"$x!#~é<>&/+\(1)*""";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What real programs make of the sample, without the quotes that they put around it.
    public static TheoryData<string, string> Written => new()
    {
        { "node 18, JSON.stringify", """p@ss w'rd\"$x!#~é<>&/+\\(1)*""" },
        { "python 3.11, json.dumps", """p@ss w'rd\"$x!#~\u00e9<>&/+\\(1)*""" },
        { "php, json_encode", """p@ss w'rd\"$x!#~\u00e9<>&\/+\\(1)*""" },
        { "go, encoding/json", """p@ss w'rd\"$x!#~é\u003c\u003e\u0026/+\\(1)*""" },
        { "node 18, encodeURIComponent; jq 1.6, @uri", "p%40ss%20w'rd%22%24x!%23~%C3%A9%3C%3E%26%2F%2B%5C(1)*" },
        { "node 18, encodeURI", "p@ss%20w'rd%22$x!#~%C3%A9%3C%3E&/+%5C(1)*" },
        { "node 18, URLSearchParams", "p%40ss+w%27rd%22%24x%21%23%7E%C3%A9%3C%3E%26%2F%2B%5C%281%29*" },
        { "python 3.11, quote", "p%40ss%20w%27rd%22%24x%21%23~%C3%A9%3C%3E%26/%2B%5C%281%29%2A" },
        { "python 3.11, quote_plus", "p%40ss+w%27rd%22%24x%21%23~%C3%A9%3C%3E%26%2F%2B%5C%281%29%2A" },
        { "bash 5.2, printf %q", """p@ss\ w\'rd\"\$x\!#~é\<\>\&/+\\\(1\)\*""" },
        { "bash 5.2, printf %q of more lines", """p@ss w\'rd"$x!#~é<>&/+\\(1)*\n""" },
        { "bash 5.2, printf %q in locale C", """p@ss w\'rd"$x!#~\303\251<>&/+\\(1)*""" },
        { "bash 5.2, set -x; jq 1.6, @sh", """p@ss w'\''rd"$x!#~é<>&/+\(1)*""" },
        { "python 3.11, shlex.quote", """p@ss w'"'"'rd"$x!#~é<>&/+\(1)*""" },
        { "between double quotes of a shell", """p@ss w'rd\"\$x!#~é<>&/+\\(1)*""" },
        { "PowerShell, SQL, YAML: quotes doubled", """p@ss w''rd"$x!#~é<>&/+\(1)*""" },
        { "python 3.11, html.escape", """p@ss w&#x27;rd&quot;$x!#~é&lt;&gt;&amp;/+\(1)*""" },
        { "jq 1.6, @html", """p@ss w&apos;rd&quot;$x!#~é&lt;&gt;&amp;/+\(1)*""" },
        { "go, html.EscapeString", """p@ss w&#39;rd&#34;$x!#~é&lt;&gt;&amp;/+\(1)*""" },
        { "python 3.11, saxutils.escape", """p@ss w'rd"$x!#~é&lt;&gt;&amp;/+\(1)*""" },
        { "python 3.11, hex", "70407373207727726422247821237ec3a93c3e262f2b5c2831292a" },
        { "python 3.11, b64encode", "cEBzcyB3J3JkIiR4ISN+w6k8PiYvK1woMSkq" },
        { "python 3.11, urlsafe_b64encode", "cEBzcyB3J3JkIiR4ISN-w6k8PiYvK1woMSkq" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Mask_FormThatAProgramWrites_IsHidden(string program, string form)
    {
        SecretMasker masker = Masker(Sample);

        string masked = masker.Mask($"({form})");

        Assert.True(masked is "(***)" or "(***\\n)", $"{program}: {masked}");
        Assert.True(masker.Contains(Encoding.UTF8.GetBytes(form)));
    }

    // Made with python 3.11, base64.b64encode. The characters that also hold bits of a neighbour stay, as they differ with it.
    [Theory]
    [InlineData("dXNlcjpwQHNzIHcncmQiJHghI37DqTw+Ji8rXCgxKSo=", "dXNlcjp***=")]
    [InlineData("dXBAc3MgdydyZCIkeCEjfsOpPD4mLytcKDEpKnp6", "dX***np6")]
    [InlineData("P3BAc3MgdydyZCIkeCEjfsOpPD4mLytcKDEpKg==", "P3***==")]
    [InlineData("P3BAc3MgdydyZCIkeCEjfsOpPD4mLytcKDEpKg", "P3***")]
    public void Mask_Base64WithNeighbours_LeavesOnlyWhatHoldsBitsOfThem(string encoded, string expected) => Assert.Equal(expected, Masker(Sample).Mask(encoded));

    [Fact]
    public void Mask_EncodersOfTheLibrary_AreHidden()
    {
        Random random = new(Soak.Seed(31));
        for (int round = 0; round < Soak.Times(300); round++)
        {
            string secret = RandomText(random);
            SecretMasker masker = Masker(secret);
            foreach (string form in Encoded(secret))
            {
                Assert.Equal("[***]", masker.Mask($"[{form}]"));
            }
        }
    }

    // Of the base64 of a longer text no more may stay than the characters that hold bits of the neighbours too. The last of these goes as well where the bits of the neighbour are all 0, as they are when there is none.
    [Fact]
    public void Mask_Base64OfALongerText_HidesAllThatOnlyTheSecretDecides()
    {
        Random random = new(Soak.Seed(32));
        for (int round = 0; round < Soak.Times(1000); round++)
        {
            byte[] secret = Encoding.UTF8.GetBytes(RandomText(random));
            byte[] before = new byte[random.Next(8)];
            byte[] after = new byte[random.Next(8)];
            random.NextBytes(before);
            random.NextBytes(after);
            string text = Convert.ToBase64String([.. before, .. secret, .. after]);
            int first = ((before.Length * 8) + 5) / 6;
            string alone = Convert.ToBase64String([.. before, .. secret]).TrimEnd('=');
            int end = text.StartsWith(alone, StringComparison.Ordinal) ? alone.Length : (before.Length + secret.Length) * 8 / 6;
            SecretMasker masker = Masker(Encoding.UTF8.GetString(secret));

            Assert.Equal(text[..first] + "***" + text[end..], masker.Mask(text));
            string safe = text.Replace('+', '-').Replace('/', '_');
            Assert.Equal(safe[..first] + "***" + safe[end..], masker.Mask(safe));
        }
    }

    [Theory]
    [InlineData(64, "\n")]
    [InlineData(76, "\n")]
    [InlineData(76, "\r\n")]
    public void Mask_Base64OnLines_IsHidden(int length, string lineEnd)
    {
        string secret = string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * i:x5}"));
        string lines = string.Join(lineEnd, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).Chunk(length).Select(line => new string(line)));

        Assert.Equal("***=", Masker(secret).Mask(lines));
    }

    [Fact]
    public void Of_AnySecret_GivesEachFormOnceAndNoneTooShort()
    {
        foreach (string secret in (string[])["abcd", "a b\n\nc d", "\U0001f600", "  abcd", "ab\ud83dcd\ude00", "\\u00E9\\", Sample])
        {
            HashSet<string> forms = SecretForms.Of(secret);

            Assert.Contains(secret, forms);
            Assert.All(forms, form => Assert.True(Encoding.UTF8.GetByteCount(form) >= SecretMasker.MinSecretBytes));
        }
    }

    // Plain letters look the same in most encodings: text, hex, and base64 at three offsets with and without the last character.
    [Fact]
    public void Of_PlainLetters_HasFewForms() => Assert.InRange(SecretForms.Of("correcthorse").Count, 7, 8);

    private static SecretMasker Masker(string secret)
    {
        SecretMasker masker = new();
        masker.Add(secret);
        return masker;
    }

    private static IEnumerable<string> Encoded(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return WebUtility.UrlEncode(secret);
        yield return System.Web.HttpUtility.UrlEncode(secret);
        yield return JsonSerializer.Serialize(secret)[1..^1];
        yield return JsonSerializer.Serialize(secret, Relaxed)[1..^1];
        yield return SecurityElement.Escape(secret);
        yield return WebUtility.HtmlEncode(secret);
        yield return HtmlEncoder.Default.Encode(secret);
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
        yield return Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
        StringBuilder xml = new();
        using (XmlWriter writer = XmlWriter.Create(xml, new() { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment }))
        {
            writer.WriteString(secret);
        }

        yield return xml.ToString();
    }

    private static string RandomText(Random random)
    {
        string[] others = ["é", "\u4e2d", "\U0001f600", "\u2028", " "];
        return "x" + string.Concat(Enumerable.Range(0, random.Next(4, 40)).Select(_ => random.Next(12) == 0 ? others[random.Next(others.Length)] : ((char)random.Next('!', '~' + 1)).ToString())) + "y";
    }
}
