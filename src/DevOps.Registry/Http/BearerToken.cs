namespace DevOps.Registry;

/// <summary>A token, and when it ends.</summary>
internal sealed record BearerToken(string Value, DateTimeOffset EndsAt)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    // Requests take time: a token about to end is as good as ended.
    internal bool EndsBefore(DateTimeOffset now) => now + Margin >= EndsAt;

    public override string ToString() => "BearerToken";
}
