using System.Net;
using System.Text.Json.Nodes;
using DevOps.Registry.Server;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>Uploads that another process has begun.</summary>
public sealed class UploadJournalTests
{
    private const int Chunk = UploadFixture.ChunkBytes;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_NewClientWithTheJournal_GoesOnBehindWhatArrived()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        Assert.Single(fixture.Notes);
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        fixture.Opened.Clear();
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([(4 * Chunk) + 100], fixture.Opened);
        Assert.Single(fixture.Requests, request => request == "POST");
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_SessionIsGone_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.NotFound).On(RegistryRequestKind.Upload).On(HttpMethod.Get).Once());
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        fixture.Opened.Clear();
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([0], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory] // A note is worth no more than the session that it names.
    [InlineData("http://127.0.0.1:1/v2/team/api/blobs/uploads/1")]
    [InlineData("http://169.254.169.254/v2/team/api/blobs/uploads/1")]
    [InlineData("ftp://127.0.0.1/upload")]
    [InlineData("http://")]
    public async Task WriteAsync_NoteOfASessionThatCannotBeAsked_BeginsAnew(string address)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        await EditNoteAsync(fixture, "address", address);
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_RegistryFailsToSayOfTheNotedSession_BeginsAnew()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.InternalServerError).On(RegistryRequestKind.Upload).On(HttpMethod.Get));
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_RegistryIsDown_KeepsTheNote()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        InjectedFault down = fixture.Host.Faults.Add(Fault.Answer(HttpStatusCode.ServiceUnavailable).On(RegistryRequestKind.Upload));
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await Assert.ThrowsAsync<RegistryException>(() => repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        down.Remove();
        fixture.Opened.Clear();
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        Assert.Equal([(4 * Chunk) + 100], fixture.Opened);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData("minChunkBytes")]
    [InlineData("sentBytes")]
    public async Task WriteAsync_NoteOfEndlessNumbers_IsHeldAllTheSame(string member)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        await EditNoteAsync(fixture, member, long.MaxValue);
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":"x","address":5}""")]
    [InlineData("""{"version":1,"version":1}""")]
    public async Task WriteAsync_DamagedNote_BeginsAnew(string text)
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        await File.WriteAllTextAsync(Assert.Single(fixture.Notes), text, Cancellation);
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        await fixture.AssertHeldAsync(repository);
    }

    [Fact]
    public async Task WriteAsync_NoteIsHeldByAnother_GoesOnWithoutOne()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        await BreakAsync(fixture);
        byte[] note = await File.ReadAllBytesAsync(Assert.Single(fixture.Notes), Cancellation);
        using RegistryClient next = fixture.NewClient();
        RemoteRepository repository = fixture.Repository(next);
        using (fixture.Journal.TryOpen(repository.Registry, repository.Name, fixture.Blob))
        {
            await repository.WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation);
        }

        Assert.Equal(note, await File.ReadAllBytesAsync(Assert.Single(fixture.Notes), Cancellation));
        Assert.Equal("PUT", fixture.Requests[^1]);
    }

    [Fact]
    public async Task WriteAsync_SecretInTheSession_IsTheOwnersAndInNoLog()
    {
        await using UploadFixture fixture = await UploadFixture.StartAsync();
        fixture.Host.Faults.Add(Fault.Header("Location", "/v2/team/api/blobs/uploads/00000000000000000000000000000000?_state=secret-state").On(HttpMethod.Post));
        fixture.Host.Faults.Add(Fault.DropRequest(0).On(HttpMethod.Patch));
        using RegistryClient client = fixture.NewClient(options => options with { MaxRetries = 0 });
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(client).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
        string note = Assert.Single(fixture.Notes);
        Assert.Contains("secret-state", await File.ReadAllTextAsync(note, Cancellation), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(note));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(fixture.Journal.Path));
        }

        Assert.All(fixture.Log.Entries.Append(error.ToString()), text => Assert.DoesNotContain("secret-state", text, StringComparison.Ordinal));
    }

    private static async Task EditNoteAsync(UploadFixture fixture, string member, JsonNode value)
    {
        string path = Assert.Single(fixture.Notes);
        JsonObject note = JsonNode.Parse(await File.ReadAllBytesAsync(path, Cancellation))!.AsObject();
        note[member] = value;
        await File.WriteAllTextAsync(path, note.ToJsonString(), Cancellation);
    }

    private static async Task BreakAsync(UploadFixture fixture)
    {
        fixture.Host.Faults.Add(Fault.DropRequest(100).On(HttpMethod.Patch).From(5).Once());
        using RegistryClient first = fixture.NewClient(options => options with { MaxRetries = 0 });
        await Assert.ThrowsAsync<RegistryException>(() => fixture.Repository(first).WriteAsync(fixture.Blob, fixture.OpenAsync, Cancellation));
    }
}
