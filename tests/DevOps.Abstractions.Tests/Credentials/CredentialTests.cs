namespace DevOps.Credentials.Tests;

public sealed class CredentialTests
{
    private const string Secret = "s3cr3t-value";

    [Fact]
    public void FromPassword_NameAndPassword_AreKept()
    {
        Credential credential = Credential.FromPassword("robot$ci", Secret);
        Assert.Equal(("robot$ci", Secret), (credential.UserName, credential.Password));
        Assert.Null(credential.IdentityToken);
        Assert.Null(credential.RegistryToken);
    }

    [Fact]
    public void FromToken_Token_IsKept()
    {
        Assert.Equal(Secret, Credential.FromIdentityToken(Secret).IdentityToken);
        Assert.Equal(Secret, Credential.FromRegistryToken(Secret).RegistryToken);
        Assert.Null(Credential.FromRegistryToken(Secret).UserName);
    }

    [Fact]
    public void ToString_AnyKind_LeaksNothing()
    {
        foreach (Credential credential in (Credential[])[
            Credential.FromPassword("some-user", Secret), Credential.FromIdentityToken(Secret), Credential.FromRegistryToken(Secret)])
        {
            foreach (string text in (string[])[credential.ToString(), $"{credential}", string.Format(null, "{0}", credential)])
            {
                Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
                Assert.DoesNotContain("some-user", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void FromPassword_MalformedName_ThrowsWithoutTheSecret()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Credential.FromPassword("a:b", Secret));
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Credential.FromPassword("", Secret));
        Assert.Throws<ArgumentNullException>(() => Credential.FromPassword("a", null!));
        Assert.Throws<ArgumentException>(() => Credential.FromIdentityToken(""));
        Assert.Throws<ArgumentException>(() => Credential.FromRegistryToken(""));
    }
}
