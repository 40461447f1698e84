using System.Net;
using DevOps.Registry.Tests.Http;
using DevOps.Testing.Http;
using DevOps.Testing.Streams;

namespace DevOps.Registry.Tests.Repositories;

/// <remarks>Source: OCI distribution-spec 1.1, "Listing Tags"; RFC 8288, section 3.</remarks>
public sealed class NamePagesTests
{
    [Theory]
    [InlineData("</v2/team/api/tags/list?n=2&last=b>; rel=\"next\"")]
    [InlineData("<https://registry.example/v2/team/api/tags/list?n=2&last=b>; rel=\"next\"")]
    [InlineData("<list?n=2&last=b>;rel=next")]
    [InlineData("<?n=2&last=b>; title=\"x\"; rel=\"next\"")]
    public async Task ReadAsync_Link_LeadsToTheNextPage(string link)
    {
        using RegistryFixture fixture = new(request => request.Address.Query.Length == 0 ? Page("""["a","b"]""", link) : Page("""["c"]"""));
        Assert.Equal(["a", "b", "c"], await ListAsync(fixture));
        Assert.Equal("https://registry.example/v2/team/api/tags/list?n=2&last=b", fixture.Requests[^1].Address.AbsoluteUri);
    }

    [Fact]
    public async Task ReadAsync_ShortPageWithLink_IsNotTheLast()
    {
        using RegistryFixture fixture = new(request => request.Address.Query.Length == 0 ? Page("[]", "</v2/team/api/tags/list?last=b>; rel=\"next\"") : Page("""["c"]"""));
        Assert.Equal(["c"], await ListAsync(fixture));
    }

    [Fact]
    public async Task ReadAsync_FirstTagOnly_AsksForOnePage()
    {
        using RegistryFixture fixture = new(_ => Page("""["a","b"]""", "</v2/team/api/tags/list?last=b>; rel=\"next\""));
        await foreach (string tag in fixture.Repository.ListTagsAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal("a", tag);
            break;
        }

        Assert.Single(fixture.Requests);
    }

    [Theory]
    [InlineData("<https://evil.example/v2/team/api/tags/list>; rel=\"next\"")]
    [InlineData("<//evil.example/tags>; rel=\"next\"")]
    [InlineData("<http://registry.example/v2/team/api/tags/list?last=b>; rel=\"next\"")]
    [InlineData("<https://registry.example:8443/v2/team/api/tags/list?last=b>; rel=\"next\"")]
    [InlineData("<file:///etc/passwd>; rel=\"next\"")]
    public async Task ReadAsync_LinkElsewhere_IsNotFollowed(string link)
    {
        using RegistryFixture fixture = new(_ => Page("""["a"]""", link));
        List<string> tags = [];
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture, tags));
        Assert.Equal(["a"], tags);
        Assert.Single(fixture.Requests);
    }

    [Fact]
    public async Task ReadAsync_LinkToItself_Ends()
    {
        using RegistryFixture fixture = new(_ => Page("""["a"]""", "</v2/team/api/tags/list>; rel=\"next\""));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
        Assert.Single(fixture.Requests);
    }

    [Theory]
    [InlineData("""{"name":"team/api","tags":null}""")]
    [InlineData("""{"name":"team/api"}""")]
    [InlineData("""{"tags":[]}""")]
    [InlineData("{\"\\ud800\":1,\"tags\":[]}")]
    public async Task ReadAsync_NoTags_GivesNone(string body)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, body));
        Assert.Empty(await ListAsync(fixture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("""{"tags":["a",""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("""{"tags":{}}""")]
    [InlineData("""{"tags":"x"}""")]
    [InlineData("""{"tags":["a",null]}""")]
    [InlineData("""{"tags":[1,"a"]}""")]
    [InlineData("{\"tags\":[\"\\ud800\"]}")]
    public async Task ReadAsync_NoListOfTags_IsNoEmptyList(string body)
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.OK, body));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
    }

    [Fact]
    public async Task ReadAsync_UnknownRepository_Throws()
    {
        using RegistryFixture fixture = new(_ => ScriptedHandler.Answer(HttpStatusCode.NotFound, """{"errors":[{"code":"NAME_UNKNOWN"}]}"""));
        RegistryException error = await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
        Assert.Equal(["NAME_UNKNOWN"], error.Codes);
    }

    [Fact]
    public async Task ReadAsync_EndlessPage_IsNotReadToItsEnd()
    {
        PatternStream body = new(long.MaxValue, 1);
        using RegistryFixture fixture = new(_ => new(HttpStatusCode.OK) { Content = new StreamContent(body) });
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
        Assert.InRange(body.Position, 0, 64 << 20);
    }

    [Theory] // Source: RFC 8288, section 3: several links may stand in one header.
    [InlineData("</v2/team/api/tags/list?last=prev>; rel=\"prev\", </v2/team/api/tags/list?last=b>; rel=\"next\"")]
    [InlineData("</help?next>; rel=\"help\", </v2/team/api/tags/list?last=b>; rel=\"next\"")]
    public async Task ReadAsync_SeveralLinks_FollowsNext(string links)
    {
        using RegistryFixture fixture = new(request => request.Address.Query.Length == 0 ? Page("""["a","b"]""", links) : Page("""["c"]"""));
        Assert.Equal(["a", "b", "c"], await ListAsync(fixture));
        Assert.Equal("?last=b", fixture.Requests[^1].Address.Query);
    }

    [Fact]
    public async Task ReadAsync_LinkThatOnlySpeaksOfNext_IsNotNext()
    {
        using RegistryFixture fixture = new(_ => Page("""["a"]""", "</v2/team/api/tags/list?last=x>; rel=\"prev\"; title=\"not the next page\""));
        Assert.Equal(["a"], await ListAsync(fixture));
    }

    [Theory]
    [InlineData("<https://[bad/>; rel=\"next\"")]
    [InlineData("<https://registry.example:999999/>; rel=\"next\"")]
    public async Task ReadAsync_MalformedLink_Throws(string link)
    {
        using RegistryFixture fixture = new(_ => Page("""["a"]""", link));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
    }

    [Fact]
    public async Task ReadAsync_EndlessPages_AreBoundedAndSaid()
    {
        // A list that is cut off in silence looks like all there is, and whoever deletes what is not in it deletes too much.
        int page = 0;
        using RegistryFixture fixture = new(_ => Page("""["a"]""", $"</v2/team/api/tags/list?last={++page}>; rel=\"next\""));
        await Assert.ThrowsAsync<RegistryException>(() => ListAsync(fixture));
        Assert.InRange(page, 2, 10_000);
    }

    private static HttpResponseMessage Page(string tags, string? link = null) =>
        ScriptedHandler.Answer(HttpStatusCode.OK, $$"""{"name":"team/api","tags":{{tags}}}""", "application/json", link is null ? [] : [("Link", link)]);

    private static async Task<List<string>> ListAsync(RegistryFixture fixture, List<string>? tags = null)
    {
        tags ??= [];
        await foreach (string tag in fixture.Repository.ListTagsAsync(TestContext.Current.CancellationToken))
        {
            tags.Add(tag);
        }

        return tags;
    }
}
