using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Writes and reads how a run began.</summary>
internal static class BeginningRecord
{
    internal static void Write(ref RecordWriter writer, RunSetup setup, DateTimeOffset startedAt, string? restartOf)
    {
        writer.Text(setup.Pipeline.Name);
        writer.Time(startedAt);
        writer.Text(restartOf);
        writer.Number(setup.Parameters.Texts.Count);
        foreach ((string name, string text) in setup.Parameters.Texts)
        {
            writer.Text(name);
            writer.Text(text);
        }

        WriteTexts(ref writer, setup.Options.Only);
        WriteTexts(ref writer, setup.Options.Skip);
        writer.Number((int)setup.Options.WhatIsNeeded);
        writer.Number(setup.Graph.Nodes.Length);
        foreach (GraphNode node in setup.Graph.Nodes)
        {
            writer.Text(node.Job.Name);
            writer.Number((int)node.Job.Kind);
            writer.Text(node.Job.ResultType?.ToString());
            writer.Number(node.Waits.Count);
            foreach (GraphEdge edge in node.Waits)
            {
                writer.Number(edge.Node.Index);
                writer.Number((int)edge.Kind);
            }
        }
    }

    internal static RecordedBeginning Read(ref RecordReader reader)
    {
        string pipeline = reader.RequiredText();
        DateTimeOffset startedAt = reader.Time();
        string? restartOf = reader.Text();
        ImmutableDictionary<string, string>.Builder parameters = ImmutableDictionary.CreateBuilder<string, string>();
        for (int count = reader.Count(); count > 0; count--)
        {
            string name = reader.RequiredText();
            parameters[name] = reader.RequiredText();
        }

        ImmutableArray<string> only = ReadTexts(ref reader);
        ImmutableArray<string> skip = ReadTexts(ref reader);
        NeededJobs needed = reader.Value<NeededJobs>();
        RecordedNode[] nodes = new RecordedNode[reader.Count()];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new(reader.RequiredText(), reader.Value<JobKind>(), reader.Text(), ReadEdges(ref reader));
        }

        return new() { Pipeline = pipeline, StartedAt = startedAt, RestartOf = restartOf, Parameters = parameters.ToImmutable(), Only = only, Skip = skip, WhatIsNeeded = needed, Nodes = [.. nodes] };
    }

    private static ImmutableArray<(int Node, EdgeKind Kind)> ReadEdges(ref RecordReader reader)
    {
        (int Node, EdgeKind Kind)[] edges = new (int Node, EdgeKind Kind)[reader.Count()];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = ((int)reader.Number(), reader.Value<EdgeKind>());
        }

        return [.. edges];
    }

    private static void WriteTexts(ref RecordWriter writer, ImmutableArray<string> texts)
    {
        writer.Number(texts.Length);
        foreach (string text in texts)
        {
            writer.Text(text);
        }
    }

    private static ImmutableArray<string> ReadTexts(ref RecordReader reader)
    {
        string[] texts = new string[reader.Count()];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.RequiredText();
        }

        return [.. texts];
    }
}
