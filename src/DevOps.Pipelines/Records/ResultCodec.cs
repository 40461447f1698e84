using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DevOps.Pipelines;

/// <summary>Writes a job's result as JSON for the journal, and reads it back.</summary>
internal abstract class ResultCodec
{
    internal abstract byte[] Write(object? value);

    /// <exception cref="JsonException">The bytes are no such value.</exception>
    internal abstract object? Read(ReadOnlySpan<byte> json);

    /// <summary>Returns the codec of a type that needs no telling, or <see langword="null"/>.</summary>
    /// <remarks>An <see cref="object"/> could be anything, although the generator knows it as a part of others.</remarks>
    internal static ResultCodec? Find<T>() => typeof(T) == typeof(object) ? null : ResultJson.Default.GetTypeInfo(typeof(T)) is JsonTypeInfo<T> json ? new Codec<T>(json) : null;

    internal static ResultCodec From<T>(JsonTypeInfo<T> json) => new Codec<T>(json);

    private sealed class Codec<T>(JsonTypeInfo<T> json) : ResultCodec
    {
        internal override byte[] Write(object? value) => JsonSerializer.SerializeToUtf8Bytes((T)value!, json);

        internal override object? Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, json);
    }
}
