using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DevOps.Registry;

/// <summary>Reads a list of tags, page by page.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Listing Tags"; RFC 8288 for the link to the next page.</remarks>
internal static class TagPages
{
    private const int MaxPageBytes = 8 << 20;
    private const int MaxPages = 10_000;

    internal static async IAsyncEnumerable<string> ReadAsync(
        RegistryTransport transport, RemoteRepository repository, RegistryRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int page = 0; page < MaxPages; page++)
        {
            using HttpResponseMessage response = await transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await RegistryErrors.FromAsync(request, response, cancellationToken).ConfigureAwait(false);
            }

            byte[] body = await BoundedBody.TryReadAsync(response.Content, MaxPageBytes, cancellationToken).ConfigureAwait(false)
                ?? throw new RegistryException(request.Operation, repository.ToString(), $"a page is longer than {MaxPageBytes} bytes", "Report this to the operator of the registry.");
            foreach (string tag in Tags(body, request))
            {
                yield return tag;
            }

            if (NextAddress.OfNextPage(request, response) is not { } next)
            {
                yield break;
            }

            request = request with { Address = next };
        }

        throw new RegistryException(request.Operation, repository.ToString(), $"the list has more than {MaxPages} pages", "Report this to the operator of the registry.");
    }

    private static List<string> Tags(byte[] body, RegistryRequest request)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
                ? [.. tags.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!)]
                : [];
        }
        catch (JsonException e)
        {
            throw new RegistryException(request.Operation, request.Registry.ToString(), "the answer is not JSON", "Check that this address is an OCI registry.", HttpStatusCode.OK, [], e);
        }
    }
}
