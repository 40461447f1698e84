using System.Net;

namespace DevOps.Registry;

/// <summary>What a registry said to a credential that it was shown.</summary>
/// <param name="Verdict">Whether it took it.</param>
/// <param name="StatusCode">The HTTP status that told.</param>
/// <param name="Detail">The same for people, without secrets.</param>
public sealed record CredentialCheck(CredentialVerdict Verdict, HttpStatusCode? StatusCode, string Detail);
