using System.Collections.Immutable;
using System.Net;
using DevOps.Content;
using DevOps.Credentials;

namespace DevOps.Registry;

/// <summary>A registry refused a request, did not answer it to the end, or in a way that cannot be used.</summary>
public sealed class RegistryException : DevOpsException, IMissingContentError
{
    /// <summary>Creates the error.</summary>
    /// <param name="operation">What was tried, as <c>push blob sha256:…</c>.</param>
    /// <param name="target">Which registry and repository were asked.</param>
    /// <param name="cameBack">What came back, as the end of a sentence.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    /// <param name="statusCode">The HTTP status, if there was an answer.</param>
    /// <param name="codes">The registry's error codes, as <c>DENIED</c>.</param>
    /// <param name="innerException">The cause.</param>
    /// <param name="credentialSearch">Where credentials were looked for, if that explains the error.</param>
    public RegistryException(
        string operation, string target, string cameBack, string remedy, HttpStatusCode? statusCode = null, ImmutableArray<string> codes = default, Exception? innerException = null,
        CredentialSearch? credentialSearch = null)
        : base($"Could not {operation} at {target}: {cameBack}. {remedy}{(credentialSearch is { Attempts.IsEmpty: false } ? $" Credentials were looked for here: {credentialSearch}." : "")}", innerException)
        => (Operation, Target, StatusCode, Codes, CredentialSearch) = (operation, target, statusCode, codes.IsDefault ? [] : codes, credentialSearch);

    /// <summary>Gets what was tried.</summary>
    public string Operation { get; }

    /// <summary>Gets which registry and repository were asked.</summary>
    public string Target { get; }

    /// <summary>Gets the HTTP status, or <see langword="null"/> if no answer came.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>Gets the registry's error codes. Source: OCI distribution-spec 1.1, "Error Codes".</summary>
    public ImmutableArray<string> Codes { get; }

    /// <summary>Gets where credentials were looked for and what each place said, when the registry or its token service answered 401 or 403. Without places if the client has no source of credentials; <see langword="null"/> if none was asked.</summary>
    public CredentialSearch? CredentialSearch { get; }

    /// <summary>Gets whether the registry or its token service refused, and no credentials were found that could have been shown: a login may help. <see cref="Target"/> is the registry then.</summary>
    public bool IsCredentialMissing => CredentialSearch is { Credential: null };

    /// <summary>Gets whether a manifest was refused because the registry misses content that it names.</summary>
    public bool IsContentMissing => Codes.Any(code => code is "MANIFEST_BLOB_UNKNOWN" or "BLOB_UNKNOWN" or "MANIFEST_UNKNOWN");

    /// <summary>Gets whether the same request may succeed later: no answer, too many requests, or a fault of the server.</summary>
    public bool IsTransient => StatusCode is not { } status || IsPassing(status);

    internal static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
