using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class RegistryTokenTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly RepositoryName Repository = RepositoryName.Parse("team/api");
    private static readonly RegistryToken Token = new("alice", [new(Repository, RegistryActions.Pull | RegistryActions.Push), new(null, RegistryActions.Catalog)]);

    public static TheoryData<string> Algorithms => ["HS256", "ES256"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Read_OwnToken_IsTheSame(string algorithm)
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RegistryTokenKey key = Key(algorithm, curve);
        RegistryToken? read = RegistryToken.Read(Token.Write(key, "service", "id", Now, Lifetime), key, "service", Now);
        Assert.NotNull(read);
        Assert.Equal("alice", read.UserName);
        Assert.Equal(Token.Access, read.Access);
        Assert.True(read.Grants(Repository, RegistryActions.Pull));
        Assert.True(read.Grants(Repository, RegistryActions.Push | RegistryActions.Pull));
        Assert.False(read.Grants(Repository, RegistryActions.Delete));
        Assert.False(read.Grants(RepositoryName.Parse("team/apis"), RegistryActions.Pull));
        Assert.True(read.Grants(null, RegistryActions.Catalog));
    }

    [Fact] // expected: RFC 7515, appendix A.1, its key and its signature
    public void Sign_PublishedKey_MatchesTheStandard()
    {
        RegistryTokenKey key = RegistryTokenKey.FromSecret(Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
        byte[] signed = Encoding.ASCII.GetBytes("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
        Assert.Equal("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Base64Url.EncodeToString(key.Sign(signed)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    [InlineData(100000, false)]
    [InlineData(-60, true)] // the clock of the instance that reads it may be behind
    [InlineData(-61, false)]
    public void Read_Time_Bounds(int seconds, bool isGood)
    {
        RegistryTokenKey key = RegistryTokenKey.Generate();
        Assert.Equal(isGood, RegistryToken.Read(Token.Write(key, "service", "id", Now, Lifetime), key, "service", Now.AddSeconds(seconds)) is not null);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Read_AnyByteChanged_IsRefused(string algorithm)
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RegistryTokenKey key = Key(algorithm, curve);
        string text = Token.Write(key, "service", "id", Now, Lifetime);
        string[] parts = text.Split('.');
        for (int i = 0; i < 3; i++)
        {
            byte[] bytes = Base64Url.DecodeFromChars(parts[i]);
            for (int at = 0; at < bytes.Length; at++)
            {
                byte[] damaged = [.. bytes];
                damaged[at] ^= 1;
                string[] changed = [.. parts];
                changed[i] = Base64Url.EncodeToString(damaged);
                Assert.Null(RegistryToken.Read(string.Join('.', changed), key, "service", Now));
            }
        }
    }

    [Fact]
    public void Read_OthersTokens_AreRefused()
    {
        RegistryTokenKey key = RegistryTokenKey.Generate();
        Assert.Null(RegistryToken.Read(Token.Write(RegistryTokenKey.Generate(), "service", "id", Now, Lifetime), key, "service", Now));
        Assert.Null(RegistryToken.Read(Token.Write(key, "other", "id", Now, Lifetime), key, "service", Now));

        // The known attacks on JSON Web Tokens: no algorithm, or the public key of another as a secret. Source: RFC 8725, section 2.1.
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RegistryTokenKey pair = RegistryTokenKey.FromECDsa(curve);
        string payload = Token.Write(key, "service", "id", Now, Lifetime).Split('.')[1];
        Assert.Null(RegistryToken.Read($"{Encode("""{"alg":"none"}""")}.{payload}.", key, "service", Now));
        Assert.Null(RegistryToken.Read($"{Encode("""{"alg":"none"}""")}.{payload}.", pair, "service", Now));
        string signed = $"{Encode("""{"alg":"HS256"}""")}.{payload}";
        byte[] mac = HMACSHA256.HashData(curve.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed));
        Assert.Null(RegistryToken.Read($"{signed}.{Base64Url.EncodeToString(mac)}", pair, "service", Now));

        // Rightly signed, by an algorithm that the header denies.
        string denied = $"{Encode("""{"alg":"none"}""")}.{payload}";
        Assert.Null(RegistryToken.Read($"{denied}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(denied)))}", key, "service", Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("!.!.!")]
    public void Read_Rubbish_IsRefused(string text) => Assert.Null(RegistryToken.Read(text, RegistryTokenKey.Generate(), "service", Now));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"iss":"service","aud":["service"],"nbf":0,"exp":9999999999,"sub":"","access":[]}""")]
    [InlineData("""{"iss":"service","aud":"service","nbf":"0","exp":9999999999,"sub":"","access":[]}""")]
    [InlineData("""{"iss":"service","aud":"service","nbf":0,"exp":9999999999,"sub":"","access":{}}""")]
    [InlineData("""{"iss":"service","aud":"service","nbf":0,"exp":9999999999,"sub":"","access":[{"type":1}]}""")]
    public void Read_SignedRubbish_IsRefused(string payload)
    {
        RegistryTokenKey key = RegistryTokenKey.Generate();
        string signed = $"{Encode("""{"alg":"HS256"}""")}.{Encode(payload)}";
        Assert.Null(RegistryToken.Read($"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}", key, "service", Now));
    }

    [Fact]
    public void Keys_TooWeak_AreRefused()
    {
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => RegistryTokenKey.FromSecret(new byte[31]));
        Assert.Throws<ArgumentException>(() => RegistryTokenKey.FromECDsa(curve));
    }

    private static RegistryTokenKey Key(string algorithm, ECDsa curve) => algorithm == "HS256" ? RegistryTokenKey.Generate() : RegistryTokenKey.FromECDsa(curve);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
