using System.Text.Json.Nodes;
using DevOps.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DevOps.Kubernetes.Tests;

public sealed class ManifestYamlTests
{
    /// <summary>Texts that a reader of YAML 1.1 could take for something else, or that break a document when they are not quoted.</summary>
    public static TheoryData<string> Traps =>
    [
        "", " ", "  ", "\t", "~", "null", "Null", "NULL", "nUlL", "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
        "true", "True", "TRUE", "false", "False", "FALSE", "tRuE", "0", "-0", "7", "+1", "-1", "010", "08", "0o17", "0x1F", "0b101", "1_000", "1:30", "190:20:30", "-1:30",
        "1e3", "1E3", "1e+3", "12e03", "1.5", ".5", "-.5", "5.", ".", "..", "1.2.3", "1_000.5", "0x1p-2", ".inf", "-.inf", "+.INF", ".nan", ".NaN", "inf", "Infinity", "-inf", "nan", "NaN",
        "2026-01-01", "2026-1-1", "2026-01-01T12:00:00Z", "2026-01-01 12:00:00 +1", "12345678901234567890", "1e1000", "123e4567", "5e8", "e3",
        "=", "<<", "<", "-", "--", "---", "--- a", "...", "-a", "- a", "?", "? a", "?a", ":", ": a", ":a", "a:", "a: b", "a:b", "a :b", "#", "# c", "a #c", "a#c",
        "@x", "`x", "%x", "%YAML 1.1", "!", "!tag", "!!str a", "&a", "&", "*a", "*", "|", "|-", ">", ">+", "[", "]", "[]", "{", "}", "{}", "{a: b}", ",", "a, b",
        "'", "''", "'a'", "it's", "\"", "\"a\"", "\\", "\\n", "a\\", "\\u0041",
        " a", "a ", " a ", "\ta", "a\t", "a\tb", "\n", "a\n", "\na", "a\nb", "a\n\nb\n", "a\n  b\n c", "a\r\nb", "a\rb", "- a\n- b\n", "a: b\nc: d\n", "---\na", "# c\na",
        "\u00e9", "\u65e5\u672c\u8a9e", "\U0001F680", "a\U0001F680b", "\u0000", "\u0007", "\u001b[31m", "\u007f", "\u0085", "\u00a0", "a\u2028b", "a\u2029b", "\ufeff", "\ufeffa", "a\ufeff", "\ufffd", "\u200b", "\u202e",
        "a", "shop", "Deployment", "apps/v1", "/healthz", "app.kubernetes.io/name", "a_b", "a-b-", "a.", "registry.example.org/team/api@sha256:abc", "100m", "1Gi", "80%", "rn", "ye", "yess", "nulls", "truely",
        new string('a', 127), new string('a', 128), new string('a', 129), new string('b', 2000), string.Concat(Enumerable.Repeat("long words ", 100)) + "end",
    ];

    [Theory]
    [MemberData(nameof(Traps))]
    public void Write_TextAsValue_IsReadBackAsThatText(string text)
    {
        string yaml = ManifestYaml.Write(WithData(new() { ["before"] = "x", ["value"] = text, ["after"] = "x" }));
        List<Scalar> scalars = YamlReading.Scalars(yaml);
        Scalar written = scalars[scalars.FindIndex(scalar => scalar.Value == "value") + 1];

        Assert.Equal(text, written.Value);
        Assert.True(YamlReading.IsString(written), $"Written plain, which is no string: {yaml}");
        Assert.True(written.Tag.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Traps))]
    public void Write_TextAsKey_IsReadBackAsThatText(string text)
    {
        JsonObject data = new() { ["before"] = "x", [text] = "value", ["after"] = "x" };
        string yaml = ManifestYaml.Write(WithData(data));
        List<Scalar> scalars = YamlReading.Scalars(yaml);
        Scalar written = scalars[scalars.FindIndex(scalar => scalar.Value == "value") - 1];

        Assert.Equal(text, written.Value);
        Assert.True(YamlReading.IsString(written), $"Written plain, which is no string: {yaml}");
        Assert.Equal(data, YamlReading.Documents(yaml)[0]!["data"], JsonNode.DeepEquals);
    }

    [Theory]
    [MemberData(nameof(Traps))]
    public void Write_TextInAList_IsReadBackAsThatText(string text)
    {
        JsonArray list = new(text, new JsonArray(text), new JsonObject { ["a"] = text });
        Assert.Equal(list, YamlReading.Documents(ManifestYaml.Write(WithData(new() { ["list"] = list })))[0]!["data"]!["list"], JsonNode.DeepEquals);
    }

    [Theory] // What a person reads in every manifest stays free of quotes.
    [InlineData("Deployment")]
    [InlineData("apps/v1")]
    [InlineData("/healthz")]
    [InlineData("app.kubernetes.io/name")]
    [InlineData("a_b-c")]
    [InlineData("nulls")]
    public void Write_HarmlessText_HasNoQuotes(string text) =>
        Assert.Contains($"\n  {text}: {text}\n", ManifestYaml.Write(WithData(new() { [text] = text })), StringComparison.Ordinal);

    [Theory]
    [InlineData("\n")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\0")]
    public void Write_Name_CannotAddMembers(string dangerous)
    {
        string name = $"x{dangerous}evil: true{dangerous}- a";
        KubernetesObject item = Object(new() { ["metadata"] = new JsonObject { ["name"] = name } });
        Assert.Equal(item.ToJson(), Assert.Single(YamlReading.Documents(ManifestYaml.Write(item))), JsonNode.DeepEquals);
    }

    [Theory] // Expected: the number's own digits, which go-yaml v2 reads as a number again.
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("8080")]
    [InlineData("9223372036854775807")]
    [InlineData("18446744073709551615")]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("-0.25")]
    [InlineData("1e3")]
    [InlineData("1E+21")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("null")]
    public void Write_OtherValue_IsPlain(string json)
    {
        string yaml = ManifestYaml.Write(WithData(new() { ["value"] = JsonNode.Parse(json), ["list"] = new JsonArray(JsonNode.Parse(json)) }));
        Assert.EndsWith($"\n  value: {json}\n  list:\n    - {json}\n", yaml, StringComparison.Ordinal);
        Assert.All(YamlReading.Scalars(yaml).Where(scalar => scalar.Value == json), scalar => Assert.Equal(ScalarStyle.Plain, scalar.Style));
    }

    [Fact]
    public void Write_NumbersMadeInCode_AreReadable()
    {
        JsonObject data = new() { ["int"] = 1, ["long"] = long.MinValue, ["double"] = 0.1, ["big"] = 1e21, ["decimal"] = 1.10m, ["byte"] = (byte)7 };
        Assert.EndsWith(
            "\n  int: 1\n  long: -9223372036854775808\n  double: 0.1\n  big: 1E+21\n  decimal: 1.10\n  byte: 7\n", ManifestYaml.Write(WithData(data)), StringComparison.Ordinal);
    }

    [Fact] // Expected: the strings that ToJsonString writes for them.
    public void Write_TextsMadeInCode_AreStrings()
    {
        JsonObject data = new() { ["time"] = DateTimeOffset.UnixEpoch, ["id"] = Guid.Empty, ["letter"] = 'y', ["date"] = DateTime.UnixEpoch };
        JsonNode written = YamlReading.Documents(ManifestYaml.Write(WithData(data)))[0]!["data"]!;
        Assert.Equal(JsonNode.Parse(data.ToJsonString()), written, JsonNode.DeepEquals);
    }

    [Fact]
    public void Write_EmptyAndNested_KeepTheirShape()
    {
        JsonObject data = new()
        {
            ["emptyMap"] = new JsonObject(),
            ["emptyList"] = new JsonArray(),
            ["nothing"] = null,
            ["lists"] = new JsonArray(new JsonArray(), new JsonObject(), null, new JsonArray(1, new JsonArray("a")), new JsonObject { ["a"] = new JsonArray(), ["b"] = 1 }),
        };
        string yaml = ManifestYaml.Write(WithData(data));
        Assert.Contains("\n  emptyMap: {}\n  emptyList: []\n  nothing: null\n", yaml, StringComparison.Ordinal);
        Assert.Equal(data, YamlReading.Documents(yaml)[0]!["data"], JsonNode.DeepEquals);
    }

    [Fact]
    public void Write_Nothing_IsEmpty() => Assert.Empty(YamlReading.Documents(ManifestYaml.Write()));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Write_SeveralObjects_AreDocumentsInOrder(int count)
    {
        KubernetesObject[] objects = [.. Enumerable.Range(0, count).Select(i => WithData(new() { ["i"] = i, ["end"] = i % 2 == 0 ? "---\n...\n" : "a" }))];
        string yaml = ManifestYaml.Write(objects);

        Assert.StartsWith("apiVersion:", yaml, StringComparison.Ordinal);
        Assert.Equal(count - 1, yaml.Split('\n').Count(line => line == "---"));
        Assert.Equal(objects.Select(item => item.ToJson().ToJsonString()), YamlReading.Documents(yaml).Select(document => document!.ToJsonString()));
        Assert.DoesNotContain('\r', yaml);
        Assert.EndsWith("\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Members_KeepTheirOrderAndGiveTheSameText()
    {
        KubernetesObject item = WithData(new() { ["z"] = 1, ["a"] = 2, ["m"] = new JsonObject { ["2"] = 1, ["1"] = 2 } });
        string yaml = ManifestYaml.Write(item);
        Assert.Equal("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  z: 1\n  a: 2\n  m:\n    \"2\": 1\n    \"1\": 2\n", yaml);
        Assert.Equal(yaml, ManifestYaml.Write(item));
        Assert.Equal(yaml, ManifestYaml.Write(item.Edit(_ => { })));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Write_RandomTree_IsReadBack(int seed)
    {
        Random random = new(seed);
        KubernetesObject item = WithData((JsonObject)RandomYaml.Tree(random));
        string yaml = ManifestYaml.Write(item, item);
        Assert.Equal([item.ToJson(), item.ToJson()], YamlReading.Documents(yaml).Select(document => document!.AsObject()), JsonNode.DeepEquals);
    }

    [Fact]
    public void Write_Null_IsRefused() => Assert.Throws<ArgumentNullException>(() => ManifestYaml.Write((IEnumerable<KubernetesObject>)null!));

    private static KubernetesObject WithData(JsonObject data) => Object(new() { ["metadata"] = new JsonObject { ["name"] = "settings" }, ["data"] = data });

    private static KubernetesObject Object(JsonObject rest)
    {
        JsonObject tree = new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap" };
        foreach ((string key, JsonNode? value) in rest)
        {
            tree[key] = value?.DeepClone();
        }

        return new(tree);
    }
}
