using System.Net;

namespace DevOps.Registry;

/// <summary>What a registry said to the beginning of an upload.</summary>
/// <param name="Verdict">Whether a push can begin.</param>
/// <param name="StatusCode">The HTTP status that told.</param>
/// <param name="Detail">The same for people, without secrets.</param>
public sealed record PushCheck(PushVerdict Verdict, HttpStatusCode? StatusCode, string Detail);
