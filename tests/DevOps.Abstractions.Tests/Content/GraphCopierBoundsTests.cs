using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

public sealed class GraphCopierBoundsTests
{
    private readonly TestStore _source = new();
    private readonly TestStore _target = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(12, true)]
    [InlineData(11, false)]
    public async Task CopyAsync_NumberOfPieces_IsBounded(int limit, bool fits)
    {
        Graph graph = Graph.Image(_source, layers: 10);
        CopyOptions options = new() { MaxContents = limit };
        if (fits)
        {
            Assert.Equal(limit, (await _source.CopyAsync(graph.Root, _target, options: options, cancellationToken: Cancellation)).Copied.Length);
            return;
        }

        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, _target, options: options, cancellationToken: Cancellation));
        Assert.Equal(CopySide.Source, error.Side);
        Assert.IsType<InvalidContentException>(error.InnerException);
        Assert.False(_target.Holds(graph.Root));
    }

    [Fact]
    public async Task CopyAsync_Result_HoldsNothingThatDocumentsWroteIntoDescriptors()
    {
        byte[] bytes = new byte[100_000];
        Descriptor layer = _source.Add(MediaTypes.LayerGzip, bytes) with { Data = bytes };
        layer = layer with { Annotations = layer.Annotations.Add("note", new string('x', 100_000)) };
        Graph graph = Graph.Of(_source, "image", [layer]);
        CopyResult result = await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);
        Assert.Contains(layer, result.Copied);
        Assert.All(result.Copied, content => Assert.True(content.Data is null && content.Annotations.IsEmpty));

        CopyResult again = await _source.CopyAsync(graph.Root, _target, cancellationToken: Cancellation);
        Assert.All(again.Skipped, content => Assert.True(content.Data is null && content.Annotations.IsEmpty));
    }
}
