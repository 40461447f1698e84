using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace DevOps.Registry.Server;

/// <summary>Gives the server one pool for all of its connections, and not one for each of its queues, so that what is bounded is the whole.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly BlockPool _pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _pool;

    public void Dispose() => _pool.Dispose();
}
