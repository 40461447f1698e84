namespace DevOps.Registry.Server;

/// <summary>Controls the tokens that a registry gives out.</summary>
public sealed record RegistryTokenOptions
{
    /// <summary>Gets the options used when none are given.</summary>
    public static RegistryTokenOptions Default { get; } = new();

    /// <summary>Gets the name of the registry in its tokens. Instances that share a key and differ in name do not take each other's tokens.</summary>
    /// <value><c>registry</c> by default.</value>
    /// <exception cref="ArgumentException">The value is empty, or is not printable ASCII.</exception>
    public string Service { get; init { ArgumentException.ThrowIfNullOrEmpty(value); field = ChallengeText.Check(value, nameof(value)); } } = "registry";

    /// <summary>Gets the path of the endpoint that gives tokens out.</summary>
    /// <value><c>/token</c> by default.</value>
    /// <exception cref="ArgumentException">The value is not a path.</exception>
    public string Path { get; init { field = value is ['/', not '/', ..] ? value : throw new ArgumentException($"'{value}' is not a path; write it as '/token'.", nameof(value)); } } = "/token";

    /// <summary>Gets the address of that endpoint, as clients see it.</summary>
    /// <value><see langword="null"/> by default: the scheme and host of each request, and <see cref="Path"/>. Set it behind a proxy that changes them.</value>
    public Uri? Realm { get; init; }

    /// <summary>Gets how long a token is good. What a user may do is asked when a token is given, and what is taken away stays for as long.</summary>
    /// <value>5 minutes by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than a minute, which clients take for the least.</exception>
    public TimeSpan Lifetime { get; init { ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMinutes(1)); field = value; } } = TimeSpan.FromMinutes(5);

    /// <summary>Gets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = TimeProvider.System;
}
