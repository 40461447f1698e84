using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Contract;

/// <summary>Runs what sources promise over a store.</summary>
public abstract class StoreSourceContract(StoreKind kind) : ContentSourceContract
{
    private OpenStore? _open;

    public override async ValueTask InitializeAsync() => _open = await OpenStore.OpenAsync(kind, Cancellation);

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
        {
            await _open.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected override async Task<IContentSource> HoldAsync(Descriptor descriptor, byte[] bytes)
    {
        await _open!.Store.WriteAsync(descriptor, new MemoryStream(bytes), Cancellation);
        return _open.Store;
    }
}
