using System.Diagnostics;
using System.Globalization;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Counts what goes on with registries. Names are OpenTelemetry's where it has some; addresses and whatever else may hold a secret are no part of them.</summary>
internal static class RegistryCounts
{
    internal static void Request(RegistryRequest request, HttpStatusCode status)
    {
        if (RegistryDiagnostics.Requests.Enabled)
        {
            TagList tags = TagsOf(request);
            tags.Add("http.response.status_code", (int)status);
            if ((int)status >= 400)
            {
                tags.Add("error.type", ((int)status).ToString(CultureInfo.InvariantCulture));
            }

            RegistryDiagnostics.Requests.Add(1, tags);
        }
    }

    internal static void Request(RegistryRequest request, Exception error)
    {
        if (RegistryDiagnostics.Requests.Enabled)
        {
            TagList tags = TagsOf(request);
            tags.Add("error.type", ErrorTypeOf(error));
            RegistryDiagnostics.Requests.Add(1, tags);
        }
    }

    internal static void Retry(RegistryAddress registry, string kind)
    {
        if (RegistryDiagnostics.Retries.Enabled)
        {
            TagList tags = TagsOf(registry);
            tags.Add("kind", kind);
            RegistryDiagnostics.Retries.Add(1, tags);
        }
    }

    internal static void Token(RegistryAddress registry, Exception? error)
    {
        if (RegistryDiagnostics.Tokens.Enabled)
        {
            TagList tags = TagsOf(registry);
            if (error is not null)
            {
                tags.Add("error.type", ErrorTypeOf(error));
            }

            RegistryDiagnostics.Tokens.Add(1, tags);
        }
    }

    /// <summary>Returns what an error is called: the status of an answer, or else its type.</summary>
    internal static string ErrorTypeOf(Exception error) => error switch
    {
        RegistryException { StatusCode: { } status } => ((int)status).ToString(CultureInfo.InvariantCulture),
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var kind } => kind.ToString(),
        Content.ContentCopyException { InnerException: { } cause } => ErrorTypeOf(cause),
        _ => error.GetType().FullName ?? error.GetType().Name,
    };

    internal static TagList TagsOf(RegistryAddress registry)
    {
        TagList tags = new() { { "server.address", registry.Host } };
        if (registry.Port is { } port)
        {
            tags.Add("server.port", port);
        }

        return tags;
    }

    private static TagList TagsOf(RegistryRequest request)
    {
        TagList tags = TagsOf(request.Registry);
        tags.Add("http.request.method", request.Method.Method);
        return tags;
    }
}
