using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DevOps.Registry;

/// <summary>Reads a list of names, page by page: tags of a repository, repositories of a registry.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Listing Tags"; the distribution project's catalog; RFC 8288 for the link to the next page.</remarks>
internal static class NamePages
{
    private const int MaxPageBytes = 8 << 20;
    private const int MaxPages = 10_000;

    internal static async IAsyncEnumerable<string> ReadAsync(
        RegistryTransport transport, string origin, RegistryRequest request, string member, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int page = 0; page < MaxPages; page++)
        {
            using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
            }

            byte[] body = await BoundedBody.TryReadAsync(request, response, MaxPageBytes, cancellationToken).ConfigureAwait(false)
                ?? throw new RegistryException(request.Operation, origin, $"a page is longer than {MaxPageBytes} bytes", "Report this to the operator of the registry.");
            foreach (string name in Names(body, request, member))
            {
                yield return name;
            }

            if (NextAddress.OfNextPage(request, response) is not { } next)
            {
                yield break;
            }

            request = request with { Address = next };
        }

        throw new RegistryException(request.Operation, origin, $"the list has more than {MaxPages} pages", "Report this to the operator of the registry.");
    }

    private static List<string> Names(byte[] body, RegistryRequest request, string member)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return TryFind(document.RootElement, member, out JsonElement names)
                ? [.. names.EnumerateArray().Select(name => name.GetString() ?? throw new InvalidOperationException("A name is null."))]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RegistryException(request.Operation, request.Registry.ToString(), $"the answer is no JSON with a list of {member}", "Check that this address is an OCI registry.", HttpStatusCode.OK, [], e);
        }
    }

    // What cannot be read is no empty list: whoever deletes what is not in a list would delete everything. Registries that hold no tag yet say null, or name the repository alone.
    private static bool TryFind(JsonElement answer, string member, out JsonElement names) =>
        answer.TryGetProperty(member, out names) ? names.ValueKind != JsonValueKind.Null
        : answer.TryGetProperty("name", out _) ? false
        : throw new InvalidOperationException("It holds no list.");
}
