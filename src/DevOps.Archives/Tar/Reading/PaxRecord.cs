using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>One PAX record that was read.</summary>
internal readonly record struct PaxRecord(string Key, ReadOnlyMemory<byte> Value)
{
    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Gets the value as text; bytes that are no UTF-8 become U+FFFD.</summary>
    internal string Text => TextOf(Value.Span);

    internal static string TextOf(ReadOnlySpan<byte> bytes) => Lenient.GetString(bytes);
}
