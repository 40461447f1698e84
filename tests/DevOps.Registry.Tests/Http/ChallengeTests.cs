using System.Collections.Immutable;
using System.Text;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Http;

/// <remarks>Expected values: RFC 9110, sections 11.3 and 11.6.1, and the examples of the distribution project's token specification.</remarks>
public sealed class ChallengeTests
{
    [Theory]
    [InlineData("""Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push" """,
        "Bearer{realm=https://auth.example/token;scope=repository:a/b:pull,push;service=registry.example}")]
    [InlineData("""Negotiate, Bearer realm="r",service="s", Basic realm="b" """, "Negotiate{} Bearer{realm=r;service=s} Basic{realm=b}")]
    [InlineData("""Basic realm="b", Bearer realm="r" """, "Basic{realm=b} Bearer{realm=r}")]
    [InlineData("""Negotiate YWJj==, Bearer realm="r" """, "Negotiate{YWJj==} Bearer{realm=r}")]
    [InlineData("""Bearer realm="a \"quoted\" \\ pair" """, """Bearer{realm=a "quoted" \ pair}""")]
    [InlineData("Bearer realm=https://auth.example/token,service=registry.example:5000", "Bearer{realm=https://auth.example/token;service=registry.example:5000}")]
    [InlineData("""Bearer realm = "r" ,	service	=	"s" """, "Bearer{realm=r;service=s}")]
    [InlineData("""bEARER REALM="r",Realm2="s" """, "bEARER{REALM=r;Realm2=s}")]
    [InlineData("""Bearer realm="r" """, "Bearer{realm=r}")]
    [InlineData("""Bearer realm="with, comma = and equals",service="" """, "Bearer{realm=with, comma = and equals;service=}")]
    [InlineData("Basic", "Basic{}")]
    [InlineData(""", ,, Basic realm="b",, ,Bearer realm="r",""", "Basic{realm=b} Bearer{realm=r}")]
    [InlineData("""Bearer realm="never closed""", "Bearer{realm=never closed}")]
    [InlineData("""Bearer realm="ends in a backslash\""", """Bearer{realm=ends in a backslash\}""")]
    [InlineData("Bearer realm=", "Bearer{realm=}")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("\"\"", "")]
    [InlineData("=,=", "")]
    [InlineData("@@@ Bearer", "")]
    [InlineData("""Bearer realm="r" ; service="s" """, "Bearer{realm=r}")]
    public void Parse_Header_GivesEveryChallenge(string header, string expected) => Assert.Equal(expected, Text(Challenge.Parse(header)));

    [Fact]
    public void Parse_SameNameTwice_KeepsTheLast() =>
        Assert.Equal("s", Assert.Single(Challenge.Parse("""Bearer realm="r",REALM="s" """)).Parameters["realm"]);

    [Fact]
    public void Parse_DamagedHeaders_AlwaysEnds()
    {
        byte[] valid = Encoding.UTF8.GetBytes("""Negotiate abc==, Bearer realm="https://auth.example/token",service="a\"b",scope=x, Basic realm="b" """);
        foreach (byte[] bytes in Damage.Of(valid, seed: 1, count: 5_000).Concat(Damage.Noise(seed: 2, count: 5_000)))
        {
            string header = Encoding.Latin1.GetString(bytes);
            ImmutableArray<Challenge> challenges = Challenge.Parse(header);
            Assert.True(challenges.Sum(challenge => challenge.Scheme.Length) <= header.Length);
        }
    }

    private static string Text(ImmutableArray<Challenge> challenges) => string.Join(' ', challenges.Select(challenge =>
        $"{challenge.Scheme}{{{string.Join(';', challenge.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}}}"));
}
