using YamlDotNet.RepresentationModel;

// A small application to ship: it answers a greeting in the language that is asked for.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
WebApplication app = builder.Build();

YamlStream yaml = [];
using (StreamReader file = File.OpenText(Path.Combine(AppContext.BaseDirectory, "greetings.yaml")))
{
    yaml.Load(file);
}

Dictionary<string, string> greetings = ((YamlMappingNode)yaml.Documents[0].RootNode).Children
    .ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString());

app.MapGet("/", (string? name, string? lang) => greetings.TryGetValue(lang ?? "en", out string? greeting)
    ? Results.Text(greeting.Replace("{0}", name ?? "world", StringComparison.Ordinal))
    : Results.NotFound());
app.MapGet("/healthz", () => "ok");
app.Run();
