using System.Net;
using DevOps.Registry.Server;

namespace Cli;

/// <summary><c>serve --listen ADDRESS:PORT --data DIR</c>: a registry, until Ctrl-C.</summary>
internal static class ServeCommand
{
    internal const string Usage = "serve --listen ADDRESS:PORT --data DIR";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["--listen", "--data"], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        _ = arguments.Values();
        string listen = arguments.Require("--listen");
        if (!IPEndPoint.TryParse(listen.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal), out IPEndPoint? endpoint) || !listen.Contains(':', StringComparison.Ordinal))
        {
            throw new UsageException($"'{listen}' is nowhere to listen: write ADDRESS:PORT, as 127.0.0.1:5000; port 0 is any free one.");
        }

        await using RegistryHost host = await RegistryHost.StartAsync(new() { Directory = arguments.Require("--data"), Endpoint = endpoint }, cancellationToken: cancellationToken);
        output.Result(new() { ["address"] = host.Address.ToString() }, $"listening on {host.Address}");
        if (!IPAddress.IsLoopback(endpoint.Address))
        {
            output.Progress("note: without TLS and without credentials, everyone who reaches this address can read and write");
        }

        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            output.Progress("stopped");
        }

        return 0;
    }
}
