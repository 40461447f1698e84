namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>One kind of request that an operation sends.</summary>
internal sealed record MatrixRequest(string Method, RegistryRequestKind Kind)
{
    /// <summary>Gets whether it follows a transfer that was broken off before, and so is about the rest.</summary>
    internal bool IsAfterBreak { get; init; }

    internal bool IsGet => Method == "GET" && !(Kind == RegistryRequestKind.Upload);

    internal bool IsRead => Method is "GET" or "HEAD";

    internal bool IsPart => IsAfterBreak && IsGet;

    internal bool HasRange => IsPart || (Kind == RegistryRequestKind.Upload && Method is "GET" or "PATCH");

    internal bool HasDigest => Kind is RegistryRequestKind.Manifest or RegistryRequestKind.Blob || (Kind == RegistryRequestKind.Upload && Method is "POST" or "PUT");

    public override string ToString() => $"{Method} {Kind}{(IsAfterBreak ? " after a break" : "")}";

    internal Fault On(Fault fault) => fault.On(Kind).On(new HttpMethod(Method));
}
