using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Testing.Content;

/// <summary>A store that takes over what a function says it can.</summary>
public sealed class MountingStore(Func<Descriptor, IContentSource, bool> canMount) : TestStore, IContentMounter
{
    public async ValueTask<bool> TryMountAsync(Descriptor descriptor, IContentSource source, CancellationToken cancellationToken = default)
    {
        await Before(StoreOperation.Mount, descriptor, cancellationToken);
        return canMount(descriptor, source);
    }
}
