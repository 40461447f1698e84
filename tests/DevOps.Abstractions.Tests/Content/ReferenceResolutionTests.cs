using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

public sealed class ReferenceResolutionTests
{
    private readonly TestRepository _repository = new("registry.example", "team/api");

    [Theory]
    [InlineData("registry.example/team/api", "the tag 'latest', which is meant as 'registry.example/team/api' names neither tag nor digest")]
    [InlineData("registry.example/team/api:latest", "'registry.example/team/api:latest'")]
    [InlineData("registry.example/team/api:9", "'registry.example/team/api:9'")]
    public async Task ResolveAsync_NoSuchImage_SaysWhatWasLookedFor(string reference, string content)
    {
        ContentNotFoundException error = await Assert.ThrowsAsync<ContentNotFoundException>(() => _repository.ResolveAsync(ImageReference.Parse(reference), TestContext.Current.CancellationToken));

        Assert.Equal(content, error.Content);
        Assert.StartsWith($"Repository registry.example/team/api does not hold {content}. ", error.Message, StringComparison.Ordinal);
    }
}
