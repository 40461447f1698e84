using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

public sealed class CacheKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // GitLab's rules of cache:key, and what else cannot be a name.
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("...")]
    [InlineData("%2E%2e")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void Of_NameThatBreaksARule_IsRefused(string name) => Assert.ThrowsAny<ArgumentException>(() => CacheKey.Of(name));

    [Theory]
    [InlineData("nuget")]
    [InlineData("..a")]
    [InlineData("feature branch [1] \u00E9")]
    public void Of_Name_IsKept(string name) => Assert.Equal(name, CacheKey.Of(name).Name);

    [Fact]
    public void Of_LongName_IsRefused()
    {
        CacheKey.Of(new('a', 255));
        Assert.Throws<ArgumentException>(() => CacheKey.Of(new('a', 256)));
    }

    [Fact]
    public async Task CaptureAsync_Inputs_AreNamedAndHashed()
    {
        using TemporaryDirectory root = TemporaryDirectory.Create();
        root.Write("a/a.csproj", "1");
        CacheKey key = CacheKey.Of("nuget").WithFiles("**/*.csproj", "**/packages.lock.json").WithValue("os", "linux");
        CapturedCacheKey first = await key.CaptureAsync(root.Path, cancellationToken: Cancellation);
        CapturedCacheKey again = await key.CaptureAsync(root.Path, cancellationToken: Cancellation);
        root.Write("a/packages.lock.json", "1");
        CapturedCacheKey other = await key.CaptureAsync(root.Path, cancellationToken: Cancellation);

        Assert.Equal(first.ToString(), again.ToString());
        Assert.StartsWith("nuget-", first.ToString(), StringComparison.Ordinal);
        Assert.Equal(["files '**/*.csproj, **/packages.lock.json' changed: a/packages.lock.json added"], other.Fingerprint.ChangesSince(first.Fingerprint).Select(change => change.ToString()));
    }
}
