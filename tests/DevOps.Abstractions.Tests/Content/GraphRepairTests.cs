using DevOps.Oci;
using DevOps.Testing.Content;

namespace DevOps.Content.Tests;

/// <summary>Copies into a target that says that it holds what it does not, as registries do after an interrupted copy or a removal.</summary>
public sealed class GraphRepairTests
{
    private readonly TestStore _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAsync_BlobThatIsNotThereAfterAll_IsWrittenAndTheParentSentAgain()
    {
        Graph graph = Graph.Image(_source, layers: 3);
        Forgetful target = new(graph.Layers[0], graph.Config);
        CopyResult result = await _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation);

        Assert.Equal([graph.Root], target.Refused);
        Assert.Empty(result.Skipped);
        Assert.Equal(5, result.Copied.Length);
        Assert.Equal(graph.Root, result.Copied[^1]);
        Assert.All(result.Copied, descriptor => Assert.True(target.Holds(descriptor)));
        Assert.Equal(5, target.Written.Count);
    }

    [Theory]
    [InlineData(HeldManifests.Trust)]
    [InlineData(HeldManifests.Check)]
    public async Task CopyAsync_ChildManifestThatIsNotThereAfterAll_IsWrittenWithAllBelow(HeldManifests held)
    {
        Graph one = Graph.Image(_source, layers: 2, "one");
        Graph two = Graph.Image(_source, layers: 2, "two");
        Descriptor root = _source.Add(ImageIndex.Create(one.Root, two.Root));
        Forgetful target = new(one.Root, one.Config, one.Layers[0]);
        CopyResult result = await _source.CopyAsync(root, target, options: new() { HeldManifests = held }, cancellationToken: Cancellation);

        Assert.Equal([root, one.Root], target.Refused);
        Assert.Equal(9, result.Copied.Length);
        Assert.All(result.Copied, descriptor => Assert.True(target.Holds(descriptor)));
        Assert.Empty(result.Skipped);
    }

    [Fact]
    public async Task CopyAsync_SharedChildOfTwoRefusedParents_IsWrittenOnce()
    {
        Descriptor shared = _source.Add(MediaTypes.LayerGzip, "shared"u8.ToArray());
        Graph one = Graph.Of(_source, "one", [shared]);
        Graph two = Graph.Of(_source, "two", [shared]);
        Descriptor root = _source.Add(ImageIndex.Create(one.Root, two.Root));
        Forgetful target = new(shared);
        await _source.CopyAsync(root, target, cancellationToken: Cancellation);
        Assert.Single(target.Written, written => written == shared);
        Assert.True(target.Holds(root));
    }

    [Fact]
    public async Task CopyAsync_RefusedOnceMore_IsTheFailure()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        Forgetful target = new(graph.Layers[0]) { LosesAgain = true };
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation));
        Assert.Equal((CopySide.Target, graph.Root), (error.Side, error.Descriptor));
        Assert.IsType<Forgetful.MissingContent>(error.InnerException);
        Assert.Equal([graph.Root, graph.Root], target.Refused);
    }

    [Fact]
    public async Task CopyAsync_RefusedThoughAllWasWritten_IsTheFailureAtOnce()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        TestStore target = new() { Before = (operation, descriptor, _) => operation == StoreOperation.Write && descriptor == graph.Root ? throw new Forgetful.MissingContent() : Task.CompletedTask };
        await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation));
        Assert.Equal(2, target.Written.Count);
    }

    [Fact]
    public async Task CopyAsync_WhatIsWrittenAgainFails_SaysWhichSide()
    {
        Graph graph = Graph.Image(_source, layers: 1);
        Forgetful target = new(graph.Layers[0]);
        _source.Remove(graph.Layers[0]);
        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => _source.CopyAsync(graph.Root, target, cancellationToken: Cancellation));
        Assert.Equal((CopySide.Source, graph.Layers[0]), (error.Side, error.Descriptor));
    }
}
