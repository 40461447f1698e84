using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Where the values of parameters come from. The first that has one wins: the command line, the file, the environment, a person who is asked, the default.</summary>
/// <remarks>A secret is looked for on the command line, in <see cref="Secrets"/>, in the environment, and asked for; in a file it is an error.</remarks>
public sealed record ParameterSources
{
    /// <summary>Gets what the command line says, as names and values in order. A list that is named several times has the items of all; anything else named twice is an error, as is an unknown name.</summary>
    /// <value>Empty by default.</value>
    public ImmutableArray<KeyValuePair<string, string>> CommandLine { get; init; } = [];

    /// <summary>Gets the path of a JSON file: <c>{ "name": value, "profiles": { "ci": { "name": value } } }</c>, where a value is a text, a number, a truth value, or an array of these for a list. At most 1 MiB.</summary>
    /// <value><see langword="null"/> by default: no file.</value>
    public string? File { get; init; }

    /// <summary>Gets the profile of the file whose values stand before those of the file itself.</summary>
    /// <value><see langword="null"/> by default: none.</value>
    public string? Profile { get; init; }

    /// <summary>Gets the environment, which the caller gives: <c>IMAGE_TAG</c> is the parameter <c>image-tag</c>. An empty variable counts as none.</summary>
    /// <value><see langword="null"/> by default: it is not looked at.</value>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    /// <summary>Gets what the variables' names begin with, as <c>SHOP_</c>. Without it a parameter <c>user</c> is read from <c>USER</c>.</summary>
    /// <value>Empty by default.</value>
    public string EnvironmentPrefix { get; init; } = "";

    /// <summary>Gets where secrets are looked for, by their parameters' names.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Gets who asks a person for what is required and nowhere said.</summary>
    /// <value><see langword="null"/> by default: nobody is asked, and all that is missing is an error.</value>
    public IParameterPrompt? Prompt { get; init; }
}
