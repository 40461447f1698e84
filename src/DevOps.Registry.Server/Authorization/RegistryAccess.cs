using System.Collections.Immutable;

namespace DevOps.Registry.Server;

/// <summary>The decision over one question.</summary>
public sealed class RegistryAccess
{
    private RegistryAccess(RegistryAccessOutcome outcome) => Outcome = outcome;

    /// <summary>Gets the decision that the request may go on.</summary>
    public static RegistryAccess Allowed { get; } = new(RegistryAccessOutcome.Allowed);

    /// <summary>Gets the decision that a known caller may not.</summary>
    public static RegistryAccess Denied { get; } = new(RegistryAccessOutcome.Denied);

    /// <summary>Gets the user who is allowed, for those who are told what happens; <see langword="null"/> if there is none.</summary>
    public string? UserName { get; private init; }

    /// <summary>Gets the decision.</summary>
    public RegistryAccessOutcome Outcome { get; }

    /// <summary>Gets the values of <c>WWW-Authenticate</c>, if the caller is challenged.</summary>
    public ImmutableArray<string> Challenges { get; private init; } = [];

    /// <summary>Gets after which time to ask again, if the registry is busy.</summary>
    public TimeSpan RetryAfter { get; private init; }

    /// <summary>Returns the decision that the request of a user may go on.</summary>
    /// <param name="userName">The user, whom <see cref="RegistryEvent.UserName"/> names; <see langword="null"/> if there is none.</param>
    public static RegistryAccess AllowedTo(string? userName) => userName is null ? Allowed : new(RegistryAccessOutcome.Allowed) { UserName = userName };

    /// <summary>Returns the decision that the caller must say who it is.</summary>
    /// <param name="challenges">The values of <c>WWW-Authenticate</c>; at least one (RFC 9110, section 11.6.1).</param>
    /// <exception cref="ArgumentException">There is no challenge.</exception>
    public static RegistryAccess Challenge(params ReadOnlySpan<string> challenges) =>
        challenges.IsEmpty ? throw new ArgumentException("A 401 needs a challenge.", nameof(challenges)) : new(RegistryAccessOutcome.Challenged) { Challenges = [.. challenges] };

    /// <summary>Returns the decision that there is too much to decide just now.</summary>
    /// <param name="retryAfter">After which time to ask again.</param>
    public static RegistryAccess Busy(TimeSpan retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter, TimeSpan.Zero);
        return new(RegistryAccessOutcome.Busy) { RetryAfter = retryAfter };
    }
}
