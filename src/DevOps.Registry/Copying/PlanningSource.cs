using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads manifests and opens no blob: a plan needs none.</summary>
internal sealed class PlanningSource(IContentSource source) : IContentSource, ICompositeSource
{
    public Task<Stream> OpenReadAsync(Descriptor descriptor, CancellationToken cancellationToken = default) =>
        MediaTypes.IsManifest(descriptor.MediaType) ? source.OpenReadAsync(descriptor, cancellationToken) : Task.FromResult(Stream.Null);

    public IContentSource SourceOf(Descriptor descriptor) => (source as ICompositeSource)?.SourceOf(descriptor) ?? source;
}
