using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>One column of the matrix: what goes wrong, and with which requests that means something.</summary>
internal sealed record MatrixFault(string Name, Func<MatrixWorld, Fault> Create, Func<MatrixRequest, bool> Fits)
{
    /// <summary>Gets whether one occurrence has one outcome. After a wait in silence, the next request may meet the end of the same wait.</summary>
    internal bool IsExactOnce => Name != "stall";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(7);

    internal static IReadOnlyList<MatrixFault> All { get; } =
    [
        new("429", _ => Fault.Answer(HttpStatusCode.TooManyRequests), _ => true),
        new("429 for 7 s", _ => Fault.Answer(HttpStatusCode.TooManyRequests, Wait), _ => true),
        new("429 until", world => Fault.Answer(HttpStatusCode.TooManyRequests, world.Clock.GetUtcNow() + Wait), _ => true),
        new("500", _ => Fault.Answer(HttpStatusCode.InternalServerError), _ => true),
        new("503", _ => Fault.Answer(HttpStatusCode.ServiceUnavailable), _ => true),
        new("503 for 7 s", _ => Fault.Answer(HttpStatusCode.ServiceUnavailable, Wait), _ => true),
        new("404", _ => Fault.Answer(HttpStatusCode.NotFound), _ => true),
        new("403", _ => Fault.Answer(HttpStatusCode.Forbidden), _ => true),
        new("expired token", _ => Fault.ExpiredToken(), _ => true),
        new("redirect", _ => Fault.Redirect(), _ => true),
        new("redirect to a copy", world => Fault.Redirect(new($"http://{world.Copy.Address}")), request => request.IsRead && request.Kind != RegistryRequestKind.Token),
        new("redirect to nobody", world => Fault.Redirect(new($"http://127.0.0.1:{world.DeadPort}")), _ => true),
        new("drop", _ => Fault.Drop(0), _ => true),
        new("drop at 20", _ => Fault.Drop(20), request => request.IsGet),
        new("drop request at 5", _ => Fault.DropRequest(5), request => !request.IsRead),
        new("corrupt 3", _ => Fault.Corrupt(3), request => request.IsGet),
        new("corrupt 30", _ => Fault.Corrupt(30), request => request.IsGet),
        new("short body", _ => Fault.ShortBody(10), request => request.IsGet),
        new("slow", _ => Fault.Slow(40_000, TimeSpan.FromSeconds(1)), request => request.IsGet),
        new("stall", _ => Fault.Slow(1, MatrixWorld.StallTime), request => request.IsGet),
        new("ignore range", _ => Fault.IgnoreRange(), request => request.IsPart),
        new("range too high", _ => Fault.ShiftRange(1000), request => request.HasRange),
        new("range too low", _ => Fault.ShiftRange(-5), request => request.HasRange),
        new("digest of another", world => Fault.ContentDigest(world.Image.Child.Digest), request => request.HasDigest),
        new("digest of nothing", _ => Fault.ContentDigest(Digest.Compute("nothing"u8)), request => request.HasDigest),
        new("digest malformed", _ => Fault.Header("Docker-Content-Digest", "sha256:../../x"), request => request.HasDigest),
        new("type html", _ => Fault.Header("Content-Type", "text/html"), request => request.IsRead),
        new("location of nobody", world => Fault.Header("Location", $"http://127.0.0.1:{world.DeadPort}/v2/x"), request => request.Kind == RegistryRequestKind.Upload),
        new("location file", _ => Fault.Header("Location", "file:///etc/passwd"), request => request.Kind == RegistryRequestKind.Upload),
        new("no Location", _ => Fault.WithoutHeaders("Location"), request => request.Kind == RegistryRequestKind.Upload),
        new("no Content-Length", _ => Fault.WithoutHeaders("Content-Length"), request => request.IsRead),
        new("no Content-Type", _ => Fault.WithoutHeaders("Content-Type"), request => request.IsRead),
        new("no digest", _ => Fault.WithoutHeaders("Docker-Content-Digest"), request => request.HasDigest),
        new("no challenge", _ => Fault.WithoutHeaders("WWW-Authenticate"), request => request.Kind is not RegistryRequestKind.Token),
        new("no range", _ => Fault.WithoutHeaders("Range", "Content-Range"), request => request.HasRange),
        new("no OCI-Subject", _ => Fault.WithoutHeaders("OCI-Subject"), request => request is { Kind: RegistryRequestKind.Manifest, IsRead: false }),
    ];
}
