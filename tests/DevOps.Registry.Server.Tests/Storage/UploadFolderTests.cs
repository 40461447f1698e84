using DevOps.Testing;
using DevOps.Testing.Time;
using Microsoft.AspNetCore.Http;

namespace DevOps.Registry.Server.Tests.Storage;

public sealed class UploadFolderTests : IDisposable
{
    private static readonly TimeSpan MaxStopTime = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly VirtualTimeProvider _clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeOverAsync_WriterThatStops_GivesTheUpload()
    {
        UploadFolder uploads = new(_directory.Path, _clock);
        UploadVisit writer = uploads.TryEnter("upload")!;
        Task<UploadVisit> taking = uploads.TakeOverAsync("upload");
        await _clock.WaitForTimerAsync(length => length == MaxStopTime, Cancellation);
        Assert.True(writer.Stopped.IsCancellationRequested);
        Assert.False(taking.IsCompleted);
        writer.Dispose();

        using (UploadVisit taken = await taking)
        {
            Assert.False(taken.Stopped.IsCancellationRequested);
            Assert.Null(uploads.TryEnter("upload"));
        }

        using UploadVisit next = uploads.TryEnter("upload")!;
        Assert.NotNull(next);
    }

    [Fact]
    public async Task TakeOverAsync_WriterThatDoesNotStop_IsRefusedAfterAWhile()
    {
        UploadFolder uploads = new(_directory.Path, _clock);
        using UploadVisit writer = uploads.TryEnter("upload")!;
        Task<UploadVisit> taking = uploads.TakeOverAsync("upload");
        await _clock.WaitForTimerAsync(length => length == MaxStopTime, Cancellation);
        _clock.Advance(MaxStopTime);
        RegistryError error = await Assert.ThrowsAsync<RegistryError>(() => taking);
        Assert.Equal(StatusCodes.Status409Conflict, error.Status);
        Assert.Null(uploads.TryEnter("upload"));
    }

    public void Dispose() => _directory.Dispose();
}
