namespace DevOps.Registry;

/// <summary>Reads the addresses that a registry's answers lead to: redirects, upload locations, next pages.</summary>
internal static class NextAddress
{
    /// <summary>Resolves a location against the address that was asked. It must be HTTP, and must not leave TLS.</summary>
    /// <exception cref="RegistryException">The location cannot be used.</exception>
    internal static Uri From(RegistryRequest request, Uri asked, string location) =>
        Uri.TryCreate(asked, location, out Uri? next) && (next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && asked.Scheme == Uri.UriSchemeHttp))
            ? next
            : throw new RegistryException(
                request.Operation, request.Registry.ToString(),
                next is null ? "it names a place to go on that is no address" : $"it leads from '{asked.Scheme}' to '{next.Scheme}'",
                "It was not followed. Report this to the operator of the registry.");

    /// <summary>Returns the address of the next page of a list, if the answer names one. It must be on the host that was asked: the credentials go along.</summary>
    /// <remarks>Source: RFC 8288, section 3; OCI distribution-spec 1.1, "Listing Tags".</remarks>
    /// <exception cref="RegistryException">The page is elsewhere, or is the one that was asked.</exception>
    internal static Uri? OfNextPage(RegistryRequest request, HttpResponseMessage response)
    {
        Uri asked = response.RequestMessage!.RequestUri!;
        foreach (string header in response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links : [])
        {
            if (FindNext(header) is { } target)
            {
                Uri next = From(request, asked, target);
                return RegistryTransport.IsSameOrigin(asked, next) && next != asked
                    ? next
                    : throw new RegistryException(
                        request.Operation, request.Registry.ToString(), next == asked ? "the next page is said to be this one" : $"the next page is said to be at '{next.Host}'",
                        "It was not followed. Report this to the operator of the registry.");
            }
        }

        return null;
    }

    private static string? FindNext(string header)
    {
        for (int open = header.IndexOf('<', StringComparison.Ordinal); open >= 0;)
        {
            int close = header.IndexOf('>', open);
            if (close < 0)
            {
                return null;
            }

            int following = header.IndexOf('<', close);
            string parameters = header[(close + 1)..(following < 0 ? header.Length : following)];
            if (parameters.Split(';', ',').Select(parameter => parameter.Trim()).Any(IsRelNext))
            {
                return header[(open + 1)..close];
            }

            open = following;
        }

        return null;
    }

    private static bool IsRelNext(string parameter)
    {
        int equals = parameter.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            && parameter[..equals].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
            && parameter[(equals + 1)..].Trim().Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase);
    }
}
