using System.Text;

namespace DevOps.Pipelines.Tests;

public sealed class MaskingFilterTests
{
    // Vectors: overlapping, self-overlapping and nested secrets on which maskers of other systems fail, cut or not.
    public static TheoryData<string[], string, string> Vectors => new()
    {
        { ["this is the end", "en foobar", "en"], "this is the en foobar", "this is the ***" },
        { ["this is the end", "en foobar", "en"], "this is the end foobar", "*** foobar" },
        { ["this is the end", "en foobar", "en"], "this is the en", "this is the ***" },
        { ["mask", "prefix_mask"], "a mask, a prefix_mask, a prefix_", "a ***, a ***, a prefix_" },
        { ["secrets"], "ssecrets", "s***" },
        { ["secrets"], "secretssecrets", "******" },
        { ["secrets"], "secrsecrets", "secr***" },
        { ["aab"], "aaab", "a***" },
        { ["abcabd"], "abcabcabd", "abc***" },
        { ["abc", "abcdef"], "abcdef abcde abc", "*** ***de ***" },
        { ["aaaa"], "aaaaaaa aaa", "*** aaa" },
        { ["abab"], "abababab", "***" },
        { ["abcdef", "cd"], "abcdef abcdX", "*** ab***X" },
        { ["abcd", "cdef", "efgh"], "abcdefgh", "***" },
        { ["ab", "cd"], "abcd", "******" },
        { ["\u00e9\u0000\u00ff\u00fe"], "\u00e9\u00e9\u0000\u00ff\u00fe\u0000", "\u00e9***\u0000" },
        { ["bcd", "abcde", "cdef"], "abcdef", "***" },
        { [], "nothing to hide", "nothing to hide" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Write_AnyCut_HidesAll(string[] secrets, string text, string expected)
    {
        SecretAutomaton automaton = FilterRun.AutomatonOf(secrets);

        Assert.Equal(expected, FilterRun.All(automaton, text));
        Assert.Equal(expected, FilterRun.All(automaton, text.Select(c => c.ToString())));
        for (int i = 0; i <= text.Length; i++)
        {
            for (int j = i; j <= text.Length; j++)
            {
                Assert.Equal(expected, FilterRun.All(automaton, text[..i], text[i..j], text[j..]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Write_ByteByByte_HoldsJustWhatMayBecomeASecret(string[] secrets, string text, string expected)
    {
        FilterRun run = new(secrets);
        for (int i = 1; i <= text.Length; i++)
        {
            run.Write(text[(i - 1)..i]);

            Assert.Equal(MaskReference.Held(text[..i], secrets), run.HeldBytes);
            Assert.Equal(MaskReference.WrittenSoFar(text[..i], secrets), run.Output);
        }

        Assert.Equal(expected, run.Complete());
        Assert.Equal(0, run.HeldBytes);
    }

    // The two cuts that leak in a masker which begins again only where the next byte equals the first one.
    [Theory]
    [InlineData("aab", "aa", "ab", "a***")]
    [InlineData("abcabd", "abcab", "cabd", "abc***")]
    public void Write_SelfOverlapOverACut_IsHidden(string secret, string first, string second, string expected) =>
        Assert.Equal(expected, FilterRun.All(FilterRun.AutomatonOf(secret), first, second));

    [Fact]
    public void Write_SecretOf16KiBInTwoWrites_IsHidden()
    {
        string secret = string.Concat(Enumerable.Range(0, 1 << 11).Select(i => $"{i:x8}"));

        string masked = FilterRun.All(FilterRun.AutomatonOf(secret), "a" + secret[..10_000], secret[10_000..] + "z");

        Assert.Equal(16 << 10, secret.Length);
        Assert.Equal("a***z", masked);
    }

    [Fact]
    public void Write_NoSecretBegins_HoldsNothing()
    {
        FilterRun run = new("secret-value");

        run.Write("waiting for input: ");

        Assert.Equal("waiting for input: ", run.Output);
        Assert.Equal(0, run.HeldBytes);
    }

    [Fact]
    public void Complete_BeginningOfASecret_IsShown()
    {
        FilterRun run = new("secret-value");

        run.Write("secret-val");

        Assert.Equal("", run.Output);
        Assert.Equal("secret-val", run.Complete());
    }

    [Fact]
    public void Write_SecretAddedWhileItsBeginningIsHeld_IsHidden()
    {
        SecretMasker masker = new();
        masker.Add("long-secret");
        FilterRun run = new((MaskingFilter)masker.CreateFilter());

        run.Write("see long-sec");
        masker.Add("sector-seven");
        run.Write("tor-seven, long-secret");

        Assert.Equal("see long-***, ***", run.Complete());
    }

    [Fact]
    public void Write_SecretAddedBetweenWrites_IsHiddenFromThenOn()
    {
        SecretMasker masker = new();
        FilterRun run = new((MaskingFilter)masker.CreateFilter());

        run.Write("token-1234 ");
        masker.Add("token-1234");
        run.Write("token-1234");

        Assert.Equal("token-1234 ***", run.Complete());
    }

    [Fact]
    public void Write_MaskThatReachesIntoWhatIsHeldWhenASecretIsAdded_StaysOne()
    {
        SecretMasker masker = new();
        masker.Add("abcdef");
        masker.Add("efghij");
        FilterRun run = new((MaskingFilter)masker.CreateFilter());

        run.Write("-abcdef");
        Assert.Equal("-***", run.Output);
        masker.Add("unrelated");
        run.Write("ghij-efgh");

        Assert.Equal("-***-efgh", run.Complete());
    }

    [Fact]
    public void Complete_ThenMore_BeginsANewStream()
    {
        FilterRun run = new("secret");
        run.Write("sec");
        run.Complete();
        run.Write("ret secret");

        Assert.Equal("secret ***", run.Complete());
    }

    [Fact]
    public void Write_TextOfOneKeyInAllItsCuts_ShowsNoByteOfIt()
    {
        string key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----\n";
        SecretMasker masker = new();
        masker.Add(key);
        string text = $"a{key}b{key.Trim()}c{key.Replace("\n", "\r\n", StringComparison.Ordinal)}d";
        for (int i = 0; i <= text.Length; i++)
        {
            Assert.Equal("a***b***c***d", FilterRun.All(masker.Automaton, text[..i], text[i..]));
        }
    }

    [Fact]
    public void Write_BytesThatAreNoText_PassUnchanged()
    {
        string bytes = Encoding.Latin1.GetString([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);

        Assert.Equal(bytes + "***" + bytes, FilterRun.All(FilterRun.AutomatonOf("secret"), bytes + "secret" + bytes));
    }
}
