using System.Net;
using DevOps.Oci;
using DevOps.Registry.Server;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Sessions that are gone, or of which nobody can say anything.</summary>
public sealed class LostSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // The session that a mount left may be gone when the blob follows.
    public async Task WriteAsync_SessionOfAWholeIsGone_BeginsAnewOnce()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Upload).On(HttpMethod.Put).Once());
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(2, fixture.Requests.Count(request => request == "POST"));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_NoSessionOfAWholeIsEverThere_SaysSoAfterTheSecond()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Upload).On(HttpMethod.Put));
        using RegistryClient client = fixture.NewClient(options => options with { UploadJournal = null });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.Equal(2, fixture.Requests.Count(request => request == "PUT"));
    }

    [Fact]
    public async Task WriteAsync_RegistryThatDoesNotKnowHowToSayHowFarItCame_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.DropRequest(100).On(HttpMethod.Patch).From(5).Once());
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotImplemented).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        using RegistryClient client = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(client);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal(2, fixture.Requests.Count(request => request == "POST"));
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task Remove_FolderIsGone_IsAsGood()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        using UploadJournalEntry entry = fixture.Journal.TryOpen(fixture.Host.Address, RepositoryName.Parse("team/api"), fixture.Blob)!;
        await entry.WriteAsync(new("http://localhost/upload", 0, 1, 2), Cancellation);
        Directory.Delete(fixture.Journal.Path, recursive: true);
        entry.Remove();
        Assert.Null(await entry.ReadAsync(Cancellation));
    }
}
