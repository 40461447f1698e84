using System.Globalization;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry.Server;

/// <summary>What can go wrong.</summary>
public sealed partial class Fault
{
    /// <summary>Returns a fault that is none: requests are only counted and kept in <see cref="RegistryFaults.Hits"/>, whatever else happens to them.</summary>
    public static Fault Watch() => new("watch", new WatchEffect());

    /// <summary>Returns an answer of a status, with the error body of the distribution-spec.</summary>
    /// <param name="status">The status, 400 or more.</param>
    public static Fault Answer(HttpStatusCode status) => new(Text($"answer {(int)status}"), new AnswerEffect(status, null));

    /// <summary>Returns an answer of a status that says in how many seconds to come again.</summary>
    /// <param name="status">The status, as 429 or 503.</param>
    /// <param name="retryAfter">The time, in whole seconds.</param>
    public static Fault Answer(HttpStatusCode status, TimeSpan retryAfter) =>
        new(Text($"answer {(int)status}"), new AnswerEffect(status, ((long)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Returns an answer of a status that says at what time to come again, as an HTTP date.</summary>
    /// <param name="status">The status, as 429 or 503.</param>
    /// <param name="retryAt">The time.</param>
    public static Fault Answer(HttpStatusCode status, DateTimeOffset retryAt) =>
        new(Text($"answer {(int)status}"), new AnswerEffect(status, retryAt.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Returns credentials that are good no more: 401, with the challenge of the registry's authorizer. Only requests that bring credentials count.</summary>
    /// <remarks>
    /// It needs <see cref="RegistryHostOptions.Authorizer"/>, as a <see cref="BearerAuthorizer"/>, whose tokens a client then fetches anew: <see cref="RegistryFaults.Add"/> refuses it in a registry
    /// that asks for no credentials.
    /// </remarks>
    public static Fault ExpiredToken() => new("expired token", new ExpiredTokenEffect());

    /// <summary>Returns a redirect (307) to the same host, with something added to the query; the request that follows it is left alone by this fault.</summary>
    public static Fault Redirect() => new("redirect", new RedirectEffect(null));

    /// <summary>Returns a redirect (307) to the same path and query at another place.</summary>
    /// <param name="origin">The place: scheme, host and port.</param>
    public static Fault Redirect(Uri origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return new("redirect", new RedirectEffect(origin));
    }

    /// <summary>Returns a connection that ends after so many bytes of an answer's body. A body that has no more bytes comes whole.</summary>
    /// <remarks>If that is 0, no byte of the answer is sent at all: the registry has done what it was asked, as taken a manifest, and the client cannot know. <see cref="DropRequest"/> ends a request before that.</remarks>
    /// <param name="afterBytes">How many bytes the client gets.</param>
    public static Fault Drop(long afterBytes) => new("drop", new ResponseDropEffect(NotNegative(afterBytes)));

    /// <summary>Returns a connection that ends after so many bytes of a request's body. The registry handles those as it does when a client goes away. A body that has no more bytes is taken whole.</summary>
    /// <param name="afterBytes">How many bytes the registry gets.</param>
    public static Fault DropRequest(long afterBytes) => new("drop request", new RequestDropEffect(NotNegative(afterBytes)));

    /// <summary>Returns a body with one wrong byte, so that its digest lies.</summary>
    /// <param name="offset">The offset in the body that is sent; all bits of that byte are turned.</param>
    public static Fault Corrupt(long offset) => new("corrupt", new CorruptEffect(NotNegative(offset)));

    /// <summary>Returns a body that is too short, with a length that agrees.</summary>
    /// <param name="lengthBytes">The most bytes that are sent.</param>
    public static Fault ShortBody(long lengthBytes) => new("short body", new ShortBodyEffect(NotNegative(lengthBytes)));

    /// <summary>Returns a body that comes in pieces with pauses before each, by the clock of <see cref="RegistryHostOptions.TimeProvider"/>.</summary>
    /// <param name="bytesPerStep">The bytes of a piece.</param>
    /// <param name="pause">The pause.</param>
    public static Fault Slow(int bytesPerStep, TimeSpan pause)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero);
        return new("slow", new SlowEffect(bytesPerStep, pause));
    }

    /// <summary>Returns a registry that does not know of ranges: 200 and the whole, where 206 was hoped for.</summary>
    public static Fault IgnoreRange() => new("ignore range", new IgnoreRangeEffect());

    /// <summary>Returns a lie over positions: the numbers in <c>Content-Range</c> (of a part of a blob) and the last in <c>Range</c> (of an upload) are too high.</summary>
    /// <param name="bytes">By how much; negative for too low. No number goes below 0.</param>
    public static Fault ShiftRange(long bytes) => new("shift range", new ShiftRangeEffect(bytes));

    /// <summary>Returns a wrong <c>Docker-Content-Digest</c>.</summary>
    /// <param name="digest">The digest that is sent.</param>
    public static Fault ContentDigest(Digest digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return new("content digest", new HeaderEffect("Docker-Content-Digest", digest.ToString()));
    }

    /// <summary>Returns a header of another value.</summary>
    /// <param name="name">The header.</param>
    /// <param name="value">The value.</param>
    public static Fault Header(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return new("header", new HeaderEffect(name, value));
    }

    /// <summary>Returns an answer without some headers. Without <c>Content-Length</c> the body is sent in chunks.</summary>
    /// <param name="names">The headers.</param>
    public static Fault WithoutHeaders(params ReadOnlySpan<string> names) => new("without headers", new MissingHeadersEffect([.. names]));

    private static long NotNegative(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
