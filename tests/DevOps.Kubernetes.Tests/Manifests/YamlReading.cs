using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DevOps.Kubernetes.Tests;

/// <summary>Reads YAML back through the events of YamlDotNet's parser; strings are what is quoted or what YAML 1.1 leaves a string.</summary>
internal static class YamlReading
{
    internal static List<Scalar> Scalars(string yaml) => [.. Events(yaml).OfType<Scalar>()];

    internal static List<JsonNode?> Documents(string yaml)
    {
        Queue<ParsingEvent> events = new(Events(yaml));
        List<JsonNode?> documents = [];
        while (events.TryDequeue(out ParsingEvent? next))
        {
            if (next is DocumentStart)
            {
                documents.Add(Node(events));
                Assert.IsType<DocumentEnd>(events.Dequeue());
            }
        }

        return documents;
    }

    private static List<ParsingEvent> Events(string yaml)
    {
        using StringReader reader = new(yaml);
        Parser parser = new(reader);
        List<ParsingEvent> events = [];
        while (parser.MoveNext())
        {
            events.Add(parser.Current!);
        }

        return events;
    }

    private static JsonNode? Node(Queue<ParsingEvent> events)
    {
        switch (events.Dequeue())
        {
            case MappingStart:
                JsonObject map = [];
                while (events.Peek() is not MappingEnd)
                {
                    Scalar key = Assert.IsType<Scalar>(events.Dequeue());
                    Assert.True(IsString(key), $"The key {key.Value} is no string.");
                    map.Add(key.Value, Node(events));
                }

                events.Dequeue();
                return map;
            case SequenceStart:
                JsonArray list = [];
                while (events.Peek() is not SequenceEnd)
                {
                    list.Add(Node(events));
                }

                events.Dequeue();
                return list;
            case Scalar scalar:
                return IsString(scalar) ? scalar.Value : JsonNode.Parse(scalar.Value);
            default:
                throw new InvalidOperationException("Manifests hold maps, lists and scalars.");
        }
    }

    internal static bool IsString(Scalar scalar) => scalar.Style != ScalarStyle.Plain || Yaml11.IsString(scalar.Value);
}
