using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Controls how credential helpers are found and run.</summary>
public sealed record CredentialHelperOptions
{
    /// <summary>Gets the options used when none are given: no helper is found.</summary>
    public static CredentialHelperOptions Default { get; } = new();

    /// <summary>Gets the directories that helpers are looked for in, as in <c>PATH</c>. Relative ones are passed over.</summary>
    /// <value>Empty by default.</value>
    public string SearchPath { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = "";

    /// <summary>Gets the whole environment of the helpers: they inherit nothing else.</summary>
    /// <value>Empty by default.</value>
    public ImmutableDictionary<string, string?> Environment { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Gets how long a helper may take, a question to the user included. After it, the helper and all that it started is killed.</summary>
    /// <value>1 minute by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or longer than a day.</exception>
    public TimeSpan TimeLimit { get; init { ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero); ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(1)); field = value; } } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how much a helper may write, in bytes.</summary>
    /// <value>1 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxOutputBytes { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1); field = value; } } = 1 << 20;

    /// <summary>Gets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;

    /// <summary>Returns the directories and limits, and nothing of the environment, which can hold secrets.</summary>
    public override string ToString() => $"CredentialHelperOptions ({SearchPath})";
}
