using System.Collections.Concurrent;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Testing.Content;

/// <summary>A repository in memory that takes content while it is made; transfers to it may break off, and it may refuse in the end.</summary>
public sealed class ReceivingRepository(string registry, string name) : TestStore, IRepository, IContentReceiver
{
    private readonly ConcurrentQueue<Descriptor> _received = new();

    public RegistryAddress Registry { get; } = RegistryAddress.Parse(registry);

    public RepositoryName Name { get; } = RepositoryName.Parse(name);

    /// <summary>Gets what was taken while it was made.</summary>
    public IReadOnlyList<Descriptor> Received => [.. _received];

    /// <summary>Gets or sets how often content is made for nothing before it is taken.</summary>
    public int Breaks { get; set; }

    /// <summary>Gets or sets whether content is made once for nothing and then refused.</summary>
    public bool Refuses { get; set; }

    public async Task<Descriptor?> ReceiveAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        for (int i = 0; i < (Refuses ? 1 : Breaks); i++)
        {
            using MemoryStream lost = new();
            await write(lost, cancellationToken);
        }

        if (Refuses)
        {
            return null;
        }

        using MemoryStream content = new();
        await write(content, cancellationToken);
        Descriptor descriptor = Add(mediaType, content.ToArray());
        _received.Enqueue(descriptor);
        return descriptor;
    }
}
