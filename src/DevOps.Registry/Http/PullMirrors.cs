using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using DevOps.Oci;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry;

/// <summary>Asks the mirrors of a registry before the registry itself. One that fails is left alone for a while: as a whole where it is down or answers nonsense, for one repository where it lacks or refuses something.</summary>
internal sealed partial class PullMirrors(RegistryClientOptions options, Func<RegistryRequest, CancellationToken, Task<HttpResponseMessage>> send)
{
    /// <summary>How long a mirror that failed is not asked.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private static readonly HttpRequestOptionsKey<RegistryAddress> MirrorKey = new("DevOps.Registry.Mirror");

    private readonly ConcurrentDictionary<(RegistryAddress Mirror, RepositoryName? Repository), DateTimeOffset> _resting = new();

    /// <summary>Returns whether a registry has mirrors.</summary>
    internal bool HasAny(RegistryAddress registry) => !options.ConnectionTo(registry).Mirrors.IsEmpty;

    /// <summary>Returns the mirror that gave an answer; <see langword="null"/> if none did.</summary>
    internal static RegistryAddress? Of(HttpResponseMessage? response) =>
        response?.RequestMessage is { } sent && sent.Options.TryGetValue(MirrorKey, out RegistryAddress? mirror) ? mirror : null;

    /// <summary>Returns a mirror's answer that can be used, or <see langword="null"/> if the registry itself is to be asked.</summary>
    internal async Task<HttpResponseMessage?> TryAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        if (request.MirrorNeed is { } need)
        {
            foreach (PullMirror mirror in options.ConnectionTo(request.Registry).Mirrors)
            {
                if (mirror.Trust >= need && request.Mirrors?.HasFailed(mirror.Address) is not true && !IsResting((mirror.Address, null)) && !IsResting((mirror.Address, request.Repository))
                    && await AskAsync(request, mirror.Address, cancellationToken).ConfigureAwait(false) is { } response)
                {
                    return response;
                }
            }
        }

        return null;
    }

    /// <summary>Leaves a mirror alone whose content was wrong or did not come.</summary>
    internal void Leave(RegistryAddress mirror, string reason) => Leave((mirror, null), reason);

    private async Task<HttpResponseMessage?> AskAsync(RegistryRequest request, RegistryAddress mirror, CancellationToken cancellationToken)
    {
        // Everything that follows is between this client and the mirror: its address, its credentials, its pauses.
        RegistryRequest asked = request with { Registry = mirror, MirrorOf = request.Registry, MirrorNeed = null };
        HttpResponseMessage response;
        try
        {
            response = await send(asked, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e)
        {
            Leave((mirror, IsOfRepository(e.StatusCode) ? request.Repository : null), e.Message);
            return null;
        }

        if (IsUsable(request, response))
        {
            response.RequestMessage!.Options.Set(MirrorKey, mirror);
            request.Mirrors?.Add(mirror);
            return response;
        }

        using (response)
        {
            Leave(
                (mirror, IsOfRepository(response.StatusCode) ? request.Repository : null),
                response.IsSuccessStatusCode ? "its answer is not what was asked for" : $"it answered {(int)response.StatusCode}");
            return null;
        }
    }

    private static bool IsOfRepository(HttpStatusCode? status) => status is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    private static bool IsUsable(RegistryRequest request, HttpResponseMessage response)
    {
        HttpContentHeaders content = response.Content.Headers;
        return response.StatusCode switch
        {
            HttpStatusCode.OK => request.SizeBytes is null || content.ContentLength is null || content.ContentLength == request.SizeBytes,
            HttpStatusCode.PartialContent => request.Range is (long first, long last) && content.ContentRange is { Unit: "bytes" } range && range.From == first && range.To == last,
            _ => false,
        };
    }

    private bool IsResting((RegistryAddress, RepositoryName?) key)
    {
        if (!_resting.TryGetValue(key, out DateTimeOffset until))
        {
            return false;
        }

        if (options.TimeProvider.GetUtcNow() < until)
        {
            return true;
        }

        _resting.TryRemove(new(key, until));
        return false;
    }

    private void Leave((RegistryAddress Mirror, RepositoryName? Repository) key, string reason)
    {
        _resting[key] = options.TimeProvider.GetUtcNow() + Rest;
        LogLeft(options.Logger, key.Mirror, key.Repository?.Value ?? "all repositories", Rest, reason);
    }

    [LoggerMessage(LogLevel.Information, "Mirror {Mirror} is not asked for {Repository} during {Rest}: {Reason}")]
    private static partial void LogLeft(ILogger logger, RegistryAddress mirror, string repository, TimeSpan rest, string reason);
}
