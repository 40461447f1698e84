using DevOps.Content;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>A source that has the image, a target that has an older one, and a client of both. Both want tokens; what waits, waits by a clock that never lets it.</summary>
internal sealed class MatrixWorld : IAsyncDisposable
{
    internal static readonly TimeSpan StallTime = TimeSpan.FromDays(1);

    internal const string Password = "pa55-word-of-a-test";

    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);
    private static readonly Credential Secret = Credential.FromPassword("user", Password);

    private readonly MatrixSource _source;
    private readonly TemporaryDirectory _directory;
    private readonly RegistryHost _target;

    private MatrixWorld(MatrixSource source, TemporaryDirectory directory, RegistryHost target, VirtualTimeProvider clock)
    {
        (_source, _directory, _target, Clock) = (source, directory, target, clock);
        RegistryClientOptions options = new()
        {
            Credentials = new FixedCredentials().Add(source.Host.Address, Secret).Add(target.Address, Secret),
            TimeProvider = Clock,
            NoProgressTimeout = Silence,
            UploadChunkBytes = MatrixImage.ChunkBytes,
        };
        Client = new(options);
        ClientInChunks = new(options with { UploadJournal = new(directory.PathOf("journal")) });
    }

    internal VirtualTimeProvider Clock { get; }

    internal RegistryClient Client { get; }

    internal MatrixImage Image => _source.Image;

    internal RegistryHost Copy => _source.Copy;

    internal int DeadPort => _source.DeadPort;

    internal MemoryStore Pulled { get; } = new();

    internal RemoteRepository Source => Client.GetRepository(_source.Host.Address, MatrixSource.Name);

    internal RemoteRepository Target => Client.GetRepository(_target.Address, MatrixSource.Name);

    internal RemoteRepository TargetInChunks => ClientInChunks.GetRepository(_target.Address, MatrixSource.Name);

    internal RemoteRepository Beside => Client.GetRepository(_target.Address, RepositoryName.Parse("beside/api"));

    private RegistryClient ClientInChunks { get; }

    internal static async Task<MatrixWorld> StartAsync(MatrixSource source, MatrixOperation operation, CancellationToken cancellationToken)
    {
        TemporaryDirectory directory = TemporaryDirectory.Create();
        MatrixSource.CopyFolder(operation == MatrixOperation.MountFrom ? source.NewStore : source.OldStore, directory.PathOf("target"));
        VirtualTimeProvider clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        source.Host.Faults.Clear();
        source.Clock.Inner = clock;
        RegistryHost target = await MatrixSource.StartHostAsync(directory.PathOf("target"), new SwitchedClock { Inner = clock }, cancellationToken);
        return new(source, directory, target, clock);
    }

    internal RegistryFaults FaultsOf(MatrixOperation operation) => (operation.FailsAtSource ? _source.Host : _target).Faults;

    /// <summary>Gets the first tokens, so that a fault meets what is asked with them and not the first 401.</summary>
    internal async Task LogInAsync(CancellationToken cancellationToken)
    {
        foreach (RemoteRepository repository in (RemoteRepository[])[Source, Target, TargetInChunks])
        {
            Assert.Null(await repository.ResolveAsync("absent", cancellationToken));
        }
    }

    /// <summary>Runs an operation to its end, whatever that is. Nothing waits in real time.</summary>
    internal async Task<Exception?> RunAsync(MatrixOperation operation, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task work = Task.Run(() => operation.RunAsync(this, cancellationToken), cancellationToken);
        Task pump = PumpAsync(end.Token);
        try
        {
            // In real time, and only where something hangs.
            await work.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
            return null;
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            throw new InvalidOperationException("It hangs.", e);
        }
        catch (Exception e) when (work.IsFaulted || work.IsCanceled)
        {
            return e;
        }
        finally
        {
            await end.CancelAsync();
            await pump;
        }
    }

    /// <summary>Fails on anything at the receiver that lies.</summary>
    internal async Task AuditAsync(MatrixOperation operation, bool isWell, CancellationToken cancellationToken)
    {
        await _target.DisposeAsync();
        Assert.All(Copy.Faults.Hits, hit => Assert.False(hit.HasCredentials));
        Dictionary<string, Digest> tags = await StoreAudit.CheckAsync(_directory.PathOf("target"), cancellationToken);
        if (operation == MatrixOperation.Pull)
        {
            Descriptor? pulled = await Pulled.ResolveAsync(MatrixImage.Tag, cancellationToken);
            Assert.True(pulled is not null ? pulled.Digest == Image.Root.Digest : !isWell);
            if (pulled is not null)
            {
                await Pulled.VerifyAsync(Image.Root, cancellationToken: cancellationToken);
            }

            return;
        }

        string name = $"{(operation == MatrixOperation.MountFrom ? Beside.Name : MatrixSource.Name)}:{MatrixImage.Tag}";
        Digest? tagged = tags.GetValueOrDefault(name);
        Digest? before = operation == MatrixOperation.MountFrom ? null : _source.OldImage.Root.Digest;
        Assert.True(tagged == Image.Root.Digest || (!isWell && tagged == before), $"{name} is {tagged?.ToString() ?? "absent"}.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        ClientInChunks.Dispose();
        await _target.DisposeAsync();
        _directory.Dispose();
    }

    // Pauses before tries, and of slow answers, are over as soon as they begin. The long wait in silence is not, unless an answer stalls. A short one tells how long a cancel may take, which nobody waits out.
    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                TimeSpan length = await Clock.WaitForTimerAsync(length => (length < Silence && length != CancelTimeout) || length == StallTime, cancellationToken);
                Clock.Advance(length == StallTime ? Silence : length);
                if (length == StallTime)
                {
                    // Whoever waits in silence needs a moment to give up: hours that pass meanwhile would end tokens too.
                    await Task.Delay(20, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The operation is over.
        }
    }
}
