using System.Text;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Random secrets and texts of few letters, so that they overlap often, against the plain reference.</summary>
public sealed class MaskingPropertyTests
{
    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 8)]
    [InlineData(3, 4, 9)]
    [InlineData(4, 4, 40)]
    [InlineData(5, 16, 40)]
    public void Write_RandomTextsAndCuts_DoesAsTheReference(int seed, int shortest, int longest)
    {
        Random random = new(Soak.Seed(seed));
        for (int round = 0; round < Soak.Times(2000); round++)
        {
            string[] secrets = Secrets(random, shortest, longest);
            string text = TextWith(random, secrets, 120);
            SecretAutomaton automaton = FilterRun.AutomatonOf(secrets);
            string expected = MaskReference.Mask(text, secrets);

            Assert.Equal(expected, FilterRun.All(automaton, text));
            Assert.Equal(expected, MaskedText.Create(text, automaton));

            FilterRun run = new(automaton);
            for (int position = 0; position < text.Length;)
            {
                int next = Math.Min(text.Length, position + random.Next(random.Next(1, 40)));
                run.Write(text[position..next]);
                position = next;
                Assert.Equal(MaskReference.Held(text[..position], secrets), run.HeldBytes);
                Assert.Equal(MaskReference.WrittenSoFar(text[..position], secrets), run.Output);
            }

            Assert.Equal(expected, run.Complete());
        }
    }

    // Long texts with few secrets, as the filter of grams sees them: a secret at every place of a stride, and cut at any place.
    [Theory]
    [InlineData(11, 4)]
    [InlineData(12, 7)]
    [InlineData(13, 12)]
    [InlineData(14, 16)]
    [InlineData(15, 40)]
    public void Write_SecretAtEveryPlace_IsHidden(int seed, int length)
    {
        Random random = new(Soak.Seed(seed));
        string[] secrets = [Letters(random, length, '!', '~'), Letters(random, length + 1, '!', '~'), Letters(random, 33, '!', '~')];
        SecretAutomaton automaton = FilterRun.AutomatonOf(secrets);
        string noise = Letters(random, 200, '\u0080', '\u00ff');
        for (int i = 0; i < 200; i++)
        {
            foreach (string secret in secrets)
            {
                string text = noise[..i] + secret + noise[i..];
                int cut = random.Next(text.Length);
                Assert.Equal(noise[..i] + "***" + noise[i..], FilterRun.All(automaton, text));
                Assert.Equal(noise[..i] + "***" + noise[i..], FilterRun.All(automaton, text[..cut], text[cut..]));
            }
        }
    }

    [Fact]
    public void Mask_RandomUnicode_DoesAsTheReference()
    {
        string[] pieces = ["a", "bc", "é", "\u4e2d", "\U0001f600", "\ud83d", "\ude00", "token-é\U0001f600", " "];
        Random random = new(Soak.Seed(21));
        string[] secrets = ["token-é\U0001f600", "\u4e2d\u4e2da", "bc\U0001f600bc"];
        SecretAutomaton automaton = SecretAutomaton.Create([.. secrets.Select(Encoding.UTF8.GetBytes)]);
        for (int round = 0; round < Soak.Times(3000); round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));

            Assert.Equal(MaskReference.Mask(text, secrets), MaskedText.Create(text, automaton));
        }
    }

    private static string[] Secrets(Random random, int shortest, int longest)
    {
        char last = (char)('a' + random.Next(4));
        List<string> secrets = [];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            // Some are made of others, so that one begins or ends as another one does.
            string secret = Letters(random, random.Next(shortest, longest + 1), 'a', last);
            secrets.Add(secrets.Count > 0 && random.Next(2) == 0 ? secrets[0][random.Next(secrets[0].Length)..] + secret : secret);
        }

        return [.. secrets];
    }

    private static string TextWith(Random random, string[] secrets, int length)
    {
        StringBuilder text = new();
        while (text.Length < length)
        {
            string secret = secrets[random.Next(secrets.Length)];
            int start = random.Next(secret.Length);
            _ = random.Next(4) switch
            {
                0 => text.Append(Letters(random, random.Next(20), 'a', 'd')),
                1 => text.Append(secret.AsSpan(0, start)),
                2 => text.Append(secret.AsSpan(start)),
                _ => text.Append(secret),
            };
        }

        return text.ToString();
    }

    private static string Letters(Random random, int length, char first, char last) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(first, last + 1)));
}
