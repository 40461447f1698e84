using DevOps.Oci;

namespace DevOps.Content;

/// <summary>A store that holds nothing and reads everything it is given.</summary>
internal sealed class VerificationSink(IProgress<ContentProgress>? progress) : IContentStore
{
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A verification keeps nothing to read.");

    public ValueTask<bool> ContainsAsync(Descriptor descriptor, CancellationToken cancellationToken = default) => ValueTask.FromResult(false);

    public async Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellationToken = default)
    {
        using Stream verifying = VerifyingStream.Ensure(content, descriptor, "the source");
        await verifying.CopyToAsync(Stream.Null, 1 << 17, cancellationToken).ConfigureAwait(false);
        progress?.Report(new(descriptor, ContentPhase.Verified, descriptor.SizeBytes));
    }
}
