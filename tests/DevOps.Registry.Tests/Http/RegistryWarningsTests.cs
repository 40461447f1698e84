using System.Net;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Http;

namespace DevOps.Registry.Tests.Http;

/// <remarks>Source: OCI distribution-spec 1.1, "Warnings"; RFC 7234, section 5.5, for the form.</remarks>
public sealed class RegistryWarningsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("299 - \"Your auth token will expire in 30 seconds.\"", "Your auth token will expire in 30 seconds.")]
    [InlineData("299 - \"a \\\"quoted\\\" \\\\ word\"", "a \"quoted\" \\ word")]
    [InlineData("299 - \"one\", 299 - \"two, with a comma\"", "one|two, with a comma")]
    [InlineData("299 - \"one\",299 - \"two\" ,", "one|two")]
    [InlineData("299 - \"line\tand \u0007bell\"", "line and  bell")]
    [InlineData("299 - \"\"", "")]
    [InlineData("299 - \"one\", 199 - \"other\", 299 - \"two\"", "one")]
    [InlineData("299 - \"dated\" \"Wed, 21 Oct 2015 07:28:00 GMT\"", null)]
    [InlineData("299 registry.example \"agent\"", null)]
    [InlineData("299 -  \"two spaces\"", null)]
    [InlineData("299 - never quoted", null)]
    [InlineData("299 - \"never closed", null)]
    [InlineData("299 - \"ends in a backslash\\", null)]
    [InlineData("2999 - \"no\"", null)]
    [InlineData("", null)]
    public void Read_Header_GivesWhatHasTheForm(string header, string? expected) => Assert.Equal(expected?.Split('|') ?? [], RegistryWarnings.Read(header));

    [Fact]
    public void Read_DamagedHeaders_AlwaysEnds()
    {
        byte[] valid = "299 - \"one \\\" two\", 299 - \"three\""u8.ToArray();
        foreach (byte[] bytes in Damage.Of(valid, seed: 1, count: 5_000).Concat(Damage.Noise(seed: 2, count: 5_000)))
        {
            string header = System.Text.Encoding.Latin1.GetString(bytes);
            Assert.True(RegistryWarnings.Read(header).Sum(text => text.Length) <= header.Length);
        }
    }

    [Fact]
    public async Task Report_SameTextAgain_IsToldOnceForEachRegistry()
    {
        RecordingProgress<RegistryWarning> told = new();
        using RegistryFixture fixture = new(_ => Warning("299 - \"old\"", "299 - \"older\""), options => options with { Warnings = told });
        await fixture.ResolveAsync();
        await fixture.ResolveAsync();
        await fixture.Client.GetRepository("other.example/team/api").ResolveAsync("latest", Cancellation);
        RegistryAddress other = RegistryAddress.Parse("other.example");
        Assert.Equal([new(fixture.Address, "old"), new(fixture.Address, "older"), new(other, "old"), new(other, "older")], told.Reports);
        Assert.Equal(4, fixture.Log.Entries.Count);
    }

    [Fact]
    public async Task Report_LongTexts_AreCutForTheAnswer()
    {
        RecordingProgress<RegistryWarning> told = new();
        using RegistryFixture fixture = new(_ => Warning($"299 - \"{new string('a', 3000)}\"", $"299 - \"{new string('b', 3000)}\"", "299 - \"c\""), options => options with { Warnings = told });
        await fixture.ResolveAsync();
        Assert.Equal([new string('a', 3000), new string('b', 1096)], told.Reports.Select(warning => warning.Text));
    }

    [Fact]
    public async Task Report_EndlessTexts_AreNotKeptForEver()
    {
        RecordingProgress<RegistryWarning> told = new();
        int count = 0;
        using RegistryFixture fixture = new(_ => Warning($"299 - \"{++count}\""), options => options with { Warnings = told });
        for (int i = 0; i < 1100; i++)
        {
            await fixture.ResolveAsync();
        }

        Assert.Equal(1000, told.Reports.Count);
    }

    [Fact]
    public async Task Report_WhereTheRegistryRedirects_IsNoWordOfTheRegistry()
    {
        RecordingProgress<RegistryWarning> told = new();
        using RegistryFixture fixture = new(
            request => request.Address.Host == "cdn.example" ? Warning("299 - \"of the storage\"") : ScriptedHandler.Answer(HttpStatusCode.TemporaryRedirect, headers: [("Location", "https://cdn.example/x")]),
            options => options with { Warnings = told });
        await fixture.ResolveAsync();
        Assert.Empty(told.Reports);
    }

    private static HttpResponseMessage Warning(params string[] warnings)
    {
        HttpResponseMessage response = RegistryFixture.Found();
        foreach (string warning in warnings)
        {
            response.Headers.TryAddWithoutValidation("Warning", warning);
        }

        return response;
    }
}
