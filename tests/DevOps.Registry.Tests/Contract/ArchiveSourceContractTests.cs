using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Contract;

/// <summary>Runs what sources promise over an archive that was written for it.</summary>
public sealed class ArchiveSourceContractTests : ContentSourceContract
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task<IContentSource> HoldAsync(Descriptor descriptor, byte[] bytes)
    {
        await using DockerArchiveWriter writer = DockerArchiveWriter.Create(_directory.PathOf("held.tar"));
        await writer.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        ImageManifest image = await Sample.WriteImageAsync(writer, "image", Cancellation);
        await writer.AddRootAsync(image.Descriptor, Cancellation);
        await writer.CompleteAsync(Cancellation);
        return await DockerArchive.OpenAsync(_directory.PathOf("held.tar"), Cancellation);
    }
}
