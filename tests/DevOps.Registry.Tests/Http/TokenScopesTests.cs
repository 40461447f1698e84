using DevOps.Credentials;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Http;

/// <remarks>Source: CNCF distribution, "Token Scope Documentation".</remarks>
public sealed class TokenScopesTests
{
    [Theory]
    [InlineData("repository:a/b:pull", "repository:a/b:pull")]
    [InlineData("repository:a/b:push,pull,push", "repository:a/b:pull,push")]
    [InlineData("repository:a/b:pull|repository:c:pull|repository:a/b:push", "repository:a/b:pull,push|repository:c:pull")]
    [InlineData("repository:a:pull|repository:a:*|repository:a:push", "repository:a:*")]
    [InlineData("repository:host.example:5000/team/api:pull|repository:host.example:5000/team/api:push", "repository:host.example:5000/team/api:pull,push")]
    [InlineData("repository(plugin):a/b:pull", "repository(plugin):a/b:pull")]
    [InlineData("registry:catalog:*|aws|aws", "registry:catalog:*|aws")]
    [InlineData("aws", "aws")]
    [InlineData("https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/cloud-platform")]
    [InlineData("repository:a:", "repository:a:")]
    [InlineData(":a:b", ":a:b")]
    [InlineData("", "")]
    public void Merge_Scopes_NamesEachResourceOnce(string scopes, string expected) => Assert.Equal(expected, string.Join('|', TokenScopes.Merge(scopes.Split('|'))));

    [Theory]
    [InlineData("repository:a:pull,push", "repository:a:pull", true)]
    [InlineData("repository:a:pull|repository:b:pull", "repository:b:pull", true)]
    [InlineData("repository:a:*", "repository:a:delete", true)]
    [InlineData("repository:a:pull", "repository:a:pull,push", false)]
    [InlineData("repository:a:pull", "repository:a/b:pull", false)]
    [InlineData("repository:host:5000/a:pull", "repository:host:5000/b:pull", false)]
    [InlineData("repository:a:pull|aws", "aws", true)]
    [InlineData("repository:a:pull", "aws", false)]
    [InlineData("repository:a:pull", "repository:a:*", false)]
    public void Cover_Scopes_AreAllHeld(string held, string wanted, bool expected) => Assert.Equal(expected, TokenScopes.Cover([.. held.Split('|')], [.. wanted.Split('|')]));

    [Fact]
    public void TokenKey_OfOthers_IsAnother()
    {
        Challenge challenge = Challenge.Parse("""Bearer realm="https://auth.example/token",service="one" """)[0];
        TokenKey key = Key(challenge, "a", "pa55-word-of-a-test");
        Assert.Equal(key, Key(challenge, "a", "pa55-word-of-a-test"));
        Assert.NotEqual(key, Key(challenge, "b", "pa55-word-of-a-test"));
        Assert.NotEqual(key, Key(challenge, "a", "another"));
        Assert.NotEqual(key, Key(Challenge.Parse("""Bearer realm="https://auth.example/token",service="two" """)[0], "a", "pa55-word-of-a-test"));
        Assert.NotEqual(key, Key(Challenge.Parse("""Bearer realm="https://evil.example/token",service="one" """)[0], "a", "pa55-word-of-a-test"));
        Assert.NotEqual(key, new(RegistryAddress.Parse("other.example"), challenge, Credential.FromPassword("a", "pa55-word-of-a-test"), ["repository:a:pull"]));
        Assert.NotEqual(key, new(RegistryAddress.Parse("registry.example"), challenge, null, ["repository:a:pull"]));
        Assert.DoesNotContain("pa55-word", key.ToString(), StringComparison.Ordinal);
    }

    private static TokenKey Key(Challenge challenge, string user, string password) => new(RegistryAddress.Parse("registry.example"), challenge, Credential.FromPassword(user, password), ["repository:a:pull"]);
}
