using System.Net;
using DevOps.Oci;
using DevOps.Testing.Http;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Http;

public sealed class RegistryAbilitiesTests
{
    private static readonly RegistryAddress Registry = RegistryAddress.Parse(RegistryFixture.Host);

    [Fact]
    public void IsKnown_Missed_IsForgottenAfterTenMinutes()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        RegistryAbilities abilities = new(clock);
        Assert.True(abilities.Has(Registry, RegistryAbility.Chunks));
        abilities.Miss(Registry, RegistryAbility.Chunks);
        abilities.Know(Registry, RegistryAbility.Referrers, isThere: true);
        clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal((false, true), (abilities.Has(Registry, RegistryAbility.Chunks), abilities.Has(Registry, RegistryAbility.Head)));

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(abilities.Has(Registry, RegistryAbility.Chunks));
        Assert.Equal((null, true), (abilities.IsKnown(Registry, RegistryAbility.Chunks), abilities.IsKnown(Registry, RegistryAbility.Referrers)));
        abilities.Miss(Registry, RegistryAbility.Chunks);
        Assert.False(abilities.Has(Registry, RegistryAbility.Chunks));
    }

    [Fact] // A proxy that had a bad moment, or a registry that was renewed since.
    public async Task WriteAsync_OneTripRefusedOnce_IsTriedAgainLater()
    {
        int refusals = 1;
        using RegistryFixture fixture = new(request => request.Method == HttpMethod.Put || request.Body.Length > 0
            ? ScriptedHandler.Answer(request.Method == HttpMethod.Post && refusals-- > 0 ? HttpStatusCode.BadRequest : HttpStatusCode.Created)
            : ScriptedHandler.Answer(HttpStatusCode.Accepted, headers: [("Location", "/u/1")]));
        await WriteAsync(fixture);
        await WriteAsync(fixture);
        Assert.Equal(["POST", "POST", "PUT", "POST", "PUT"], fixture.Requests.Select(request => request.Method.Method));
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));
        await WriteAsync(fixture);
        Assert.Equal(6, fixture.Requests.Count);
    }

    private static Task WriteAsync(RegistryFixture fixture) =>
        fixture.Repository.WriteAsync(RegistryFixture.Blob, new MemoryStream(RegistryFixture.BlobBytes), TestContext.Current.CancellationToken);
}
