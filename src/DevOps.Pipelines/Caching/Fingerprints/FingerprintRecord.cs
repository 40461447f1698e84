using System.Collections.Immutable;
using System.Text.Json;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>All that a job's result was said to depend on, at one moment. Immutable.</summary>
public sealed class FingerprintRecord
{
    internal FingerprintRecord(string name, IEnumerable<FingerprintInput> inputs)
    {
        Name = name;
        Inputs = [.. inputs.OrderBy(input => input.Kind).ThenBy(input => input.Name, StringComparer.Ordinal)];
        using InputHash hash = new("devops fingerprint 1");
        hash.Add(name);
        foreach (FingerprintInput input in Inputs)
        {
            hash.Add((byte)input.Kind);
            hash.Add(input.Name);
            hash.Add(input.Digest.Hex);
        }

        Digest = hash.ToDigest();
    }

    /// <summary>Gets the job's name.</summary>
    public string Name { get; }

    /// <summary>Gets the digest of the name and all inputs: two records are of the same thing if it is the same.</summary>
    public Digest Digest { get; }

    /// <summary>Gets the inputs, ordered by kind and name.</summary>
    public ImmutableArray<FingerprintInput> Inputs { get; }

    /// <summary>Returns the inputs that differ from those of an earlier record.</summary>
    /// <param name="previous">The earlier record.</param>
    /// <param name="maxFiles">How many changed files are named for each input; all are counted.</param>
    /// <returns>The changes, ordered by kind and name; empty if the digests are the same.</returns>
    public ImmutableArray<InputChange> ChangesSince(FingerprintRecord previous, int maxFiles = 20)
    {
        ArgumentNullException.ThrowIfNull(previous);
        ArgumentOutOfRangeException.ThrowIfNegative(maxFiles);
        return FingerprintComparison.Compare(this, previous, maxFiles);
    }

    /// <summary>Writes the record as a JSON object.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        FingerprintJson.Write(writer, this);
    }

    /// <summary>Reads a record from a JSON object.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="InvalidContentException">It is no record, or its digest is not that of its inputs.</exception>
    public static FingerprintRecord FromJson(JsonElement json) => FingerprintJson.Read(json);

    /// <summary>Returns the name and the digest.</summary>
    public override string ToString() => $"{Name} {Digest}";
}
