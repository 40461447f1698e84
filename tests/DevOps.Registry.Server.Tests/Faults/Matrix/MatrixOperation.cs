using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>One row group of the matrix: something that a user does, which of the two registries goes wrong, and what is asked of it.</summary>
internal sealed record MatrixOperation(string Name, Func<MatrixWorld, CancellationToken, Task> RunAsync, params MatrixRequest[] Requests)
{
    internal bool FailsAtSource { get; init; }

    private static readonly MatrixRequest Token = new("GET", RegistryRequestKind.Token);
    private static readonly MatrixRequest FindManifest = new("HEAD", RegistryRequestKind.Manifest);
    private static readonly MatrixRequest ReadManifest = new("GET", RegistryRequestKind.Manifest);
    private static readonly MatrixRequest PutManifest = new("PUT", RegistryRequestKind.Manifest);
    private static readonly MatrixRequest FindBlob = new("HEAD", RegistryRequestKind.Blob);
    private static readonly MatrixRequest ReadBlob = new("GET", RegistryRequestKind.Blob);
    private static readonly MatrixRequest OpenUpload = new("POST", RegistryRequestKind.Upload);
    private static readonly MatrixRequest PutUpload = new("PUT", RegistryRequestKind.Upload);
    private static readonly MatrixRequest Chunk = new("PATCH", RegistryRequestKind.Upload);
    private static readonly MatrixRequest Referrers = new("GET", RegistryRequestKind.Referrers);
    private static readonly MatrixRequest Tags = new("GET", RegistryRequestKind.Tags);

    internal static MatrixOperation Push { get; } = new(
        "push", (world, token) => world.Image.PushAsync(world.Target, token), Token, FindManifest, PutManifest, FindBlob, OpenUpload, PutUpload, Referrers);

    internal static MatrixOperation PushInChunks { get; } = new(
        "push in chunks", (world, token) => world.Image.PushAsync(world.TargetInChunks, token),
        OpenUpload, Chunk, PutUpload, Chunk with { IsAfterBreak = true }, new("GET", RegistryRequestKind.Upload) { IsAfterBreak = true });

    internal static MatrixOperation Pull { get; } = new(
        "pull", (world, token) => CopyAsync(world.Source, world.Pulled, token), Token, FindManifest, ReadManifest, ReadBlob, ReadBlob with { IsAfterBreak = true }, Referrers) { FailsAtSource = true };

    internal static MatrixOperation CopyFrom { get; } = new(
        "copy from", (world, token) => CopyAsync(world.Source, world.Target, token), FindManifest, ReadManifest, ReadBlob, ReadBlob with { IsAfterBreak = true }, Referrers) { FailsAtSource = true };

    internal static MatrixOperation CopyTo { get; } = new(
        "copy to", (world, token) => CopyAsync(world.Source, world.Target, token), FindManifest, PutManifest, FindBlob, OpenUpload, PutUpload);

    internal static MatrixOperation MountFrom { get; } = new(
        "mount", (world, token) => CopyAsync(world.Target, world.Beside, token), FindBlob, OpenUpload);

    internal static MatrixOperation MirrorFrom { get; } = new("mirror from", MirrorAsync, Token, Tags, FindManifest, ReadManifest, ReadBlob, Referrers) { FailsAtSource = true };

    internal static MatrixOperation MirrorTo { get; } = new("mirror to", MirrorAsync, Token, FindManifest, PutManifest, FindBlob, OpenUpload, PutUpload);

    private static CopyPlanOptions Options { get; } = new() { Copy = new() { MaxConcurrency = 1 }, Referrers = ReferrerCopying.Include };

    private static async Task CopyAsync(RemoteRepository source, IContentStore target, CancellationToken cancellationToken)
    {
        Descriptor root = await source.ResolveAsync(MatrixImage.Tag, cancellationToken) ?? throw new ContentNotFoundException(source.ToString(), MatrixImage.Tag);
        CopyPlan plan = await source.PlanCopyAsync(root, target, MatrixImage.Tag, Options, cancellationToken);
        await plan.ExecuteAsync(null, cancellationToken);
    }

    private static async Task MirrorAsync(MatrixWorld world, CancellationToken cancellationToken)
    {
        MirrorRule rule = MirrorRule.ForRepository($"{world.Source.Registry}/{world.Source.Name}", $"{world.Target.Registry}/{world.Target.Name}").WithCopy(Options);
        MirrorResult result = await new Mirror(world.Client, new() { MaxComparisons = 1, MaxCopies = 1 }).RunAsync(new(rule), null, cancellationToken);
        if ((result.Repositories.Select(repository => repository.Error).FirstOrDefault(error => error is not null) ?? result.Tags.Select(tag => tag.Error).FirstOrDefault(error => error is not null)) is { } error)
        {
            Assert.False(result.IsComplete);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }

        Assert.True(result.IsComplete);
    }
}
