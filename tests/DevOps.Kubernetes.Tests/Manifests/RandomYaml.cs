using System.Text;
using System.Text.Json.Nodes;

namespace DevOps.Kubernetes.Tests;

/// <summary>Trees whose texts are made of what YAML gives a meaning to.</summary>
internal static class RandomYaml
{
    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\t", "\r", ":", ": ", "#", " #", "-", "- ", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\", "~", "=", "<<", "---", "...",
        "0", "1", "7", "9", "0x", "0o", "e", "E", ".", "_", "+", "a", "b", "n", "y", "no", "yes", "null", "true", "inf", "nan", "/", "\u0085", "\u2028", "\ufeff", "\u00e9", "\U0001F680", "\0",
    ];

    internal static JsonNode Tree(Random random, int depth = 0)
    {
        JsonObject map = [];
        for (int i = random.Next(6); i > 0; i--)
        {
            map[Text(random)] = Node(random, depth + 1);
        }

        return map;
    }

    private static JsonNode? Node(Random random, int depth) => random.Next(depth < 5 ? 10 : 7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(-1000, 1000)),
        < 7 => JsonValue.Create(Text(random)),
        7 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, depth + 1))]),
        _ => Tree(random, depth),
    };

    private static string Text(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(6); i > 0; i--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }
}
