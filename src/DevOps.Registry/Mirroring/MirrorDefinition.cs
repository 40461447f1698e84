using System.Collections.Immutable;
using System.Text;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a mirror mirrors. Immutable.</summary>
public sealed class MirrorDefinition
{
    /// <summary>Creates a definition.</summary>
    /// <param name="rules">The rules, in the order in which they are followed.</param>
    public MirrorDefinition(params IEnumerable<MirrorRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Rules = [.. rules];
    }

    /// <summary>Gets the rules, in the order in which they are followed.</summary>
    public ImmutableArray<MirrorRule> Rules { get; }

    /// <summary>Gets what the rules are, so that a run is continued only with the rules that it began with.</summary>
    internal Digest Identity => Digest.Compute(Encoding.UTF8.GetBytes(string.Join('\n', Rules.Select(rule => rule.Recipe))));

    /// <summary>Reads a definition from YAML.</summary>
    /// <param name="yaml">One document; see the package's page for its keys.</param>
    /// <exception cref="MirrorDefinitionException">The text is not YAML, has an unknown key, or a value that cannot be used; says in which line and column.</exception>
    /// <remarks>Anchors, tags and several documents are refused, and so are texts longer than 1 MiB.</remarks>
    public static MirrorDefinition Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return MirrorYaml.Read(yaml);
    }
}
