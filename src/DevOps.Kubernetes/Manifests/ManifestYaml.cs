using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevOps.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DevOps.Kubernetes;

/// <summary>Writes Kubernetes objects as YAML, one document each.</summary>
/// <remarks>
/// The cluster's reader follows YAML 1.1, where <c>yes</c>, <c>010</c>, <c>1:30</c> and <c>2026-01-01</c> are no strings: a string is written without quotes only when no reader can take it for anything else.
/// The same objects give the same text.
/// </remarks>
public static class ManifestYaml
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity" };

    /// <summary>Returns the objects as YAML.</summary>
    /// <param name="objects">The objects, in the order in which they are to be written.</param>
    /// <exception cref="InvalidContentException">A text is not valid Unicode.</exception>
    public static string Write(params IEnumerable<KubernetesObject> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        try
        {
            return WriteDocuments(objects);
        }
        catch (YamlException e)
        {
            throw new InvalidContentException("Kubernetes object", "it has a text that YAML cannot hold: " + e.Message, e);
        }
    }

    private static string WriteDocuments(IEnumerable<KubernetesObject> objects)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Emitter emitter = new(text, new EmitterSettings().WithBestWidth(int.MaxValue).WithIndentedSequences());
        emitter.Emit(new StreamStart());
        bool first = true;
        foreach (KubernetesObject item in objects)
        {
            emitter.Emit(new DocumentStart(null, null, isImplicit: first));
            Write(emitter, item.ToJson());
            emitter.Emit(new DocumentEnd(isImplicit: true));
            first = false;
        }

        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach ((string key, JsonNode? value) in map)
                {
                    WriteText(emitter, key);
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (JsonNode? item in list)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                // A text may have been put in as a date or a GUID: what counts is the JSON it stands for.
                WriteText(emitter, value.TryGetValue(out string? text) ? text : JsonNode.Parse(value.ToJsonString())!.GetValue<string>());
                break;
            default:
                WriteScalar(emitter, node?.ToJsonString() ?? "null", ScalarStyle.Plain);
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text) => WriteScalar(emitter, text, IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);

    private static void WriteScalar(Emitter emitter, string text, ScalarStyle style) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        && !Words.Contains(text);
}
