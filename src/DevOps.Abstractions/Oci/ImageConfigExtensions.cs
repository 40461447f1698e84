using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>Edits of an image's configuration. Each returns a new configuration and keeps everything else.</summary>
public static class ImageConfigExtensions
{
    /// <summary>Returns the configuration with a program to start; arguments inherited for another program are dropped.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="entrypoint">The program and its fixed arguments.</param>
    public static ImageConfig WithEntrypoint(this ImageConfig config, params IEnumerable<string> entrypoint) => config.EditRun(run =>
    {
        run["Entrypoint"] = OciJson.ArrayOf(entrypoint);
        run.Remove("Cmd");
    });

    /// <summary>Returns the configuration with arguments that a container's starter may replace.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="cmd">The arguments.</param>
    public static ImageConfig WithCmd(this ImageConfig config, params IEnumerable<string> cmd) => config.EditRun(run => run["Cmd"] = OciJson.ArrayOf(cmd));

    /// <summary>Returns the configuration with an environment variable set; an inherited one of that name is replaced where it stands.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value, which may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty or has <c>=</c> in it.</exception>
    public static ImageConfig WithEnv(this ImageConfig config, string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"An environment variable cannot be named '{name}': '=' ends the name.", nameof(name));
        }

        return config.EditRun(run =>
        {
            List<string> env = [.. config.Env];
            int at = env.FindIndex(pair => pair.StartsWith(name + "=", StringComparison.Ordinal));
            env.RemoveAll(pair => pair.StartsWith(name + "=", StringComparison.Ordinal));
            env.Insert(at < 0 ? env.Count : at, $"{name}={value}");

            run["Env"] = OciJson.ArrayOf(env);
        });
    }

    /// <summary>Returns the configuration with a label set.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static ImageConfig WithLabel(this ImageConfig config, string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return config.EditRun(run => run["Labels"] = OciJson.MapOf(config.Labels.SetItem(name, value)));
    }

    /// <summary>Returns the configuration with a port that the image listens on.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="port">The port's number, 1 to 65535.</param>
    /// <param name="protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
    public static ImageConfig WithExposedPort(this ImageConfig config, int port, string protocol = "tcp")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw new ArgumentException($"'{protocol}' is not a protocol of a port: use tcp, udp or sctp.", nameof(protocol));
        }

        return config.EditRun(run =>
        {
            JsonObject ports = run["ExposedPorts"] as JsonObject ?? [];
            ports[$"{port}/{protocol}"] = new JsonObject();
            run["ExposedPorts"] = ports.DeepClone();
        });
    }

    /// <summary>Returns the configuration with the directory that the program starts in.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="directory">An absolute path in the image.</param>
    public static ImageConfig WithWorkingDirectory(this ImageConfig config, string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return config.EditRun(run => run["WorkingDir"] = directory);
    }

    /// <summary>Returns the configuration with the user that the program runs as.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="user">A user, as <c>1654</c>, <c>1654:1654</c> or a name that the image knows.</param>
    public static ImageConfig WithUser(this ImageConfig config, string user)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return config.EditRun(run => run["User"] = user);
    }

    /// <summary>Returns the configuration with the time it was made.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="created">The time; written in UTC.</param>
    public static ImageConfig WithCreated(this ImageConfig config, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Edit(tree => tree["created"] = Rfc3339.Format(created));
    }

    /// <summary>Returns the configuration with one more layer on top, and its line of history.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="diffId">The digest of the uncompressed layer.</param>
    /// <param name="history">What made the layer.</param>
    /// <remarks>Layers of a base without history get an empty line each, because registries and tools count lines.</remarks>
    public static ImageConfig WithLayer(this ImageConfig config, Digest diffId, ImageHistory history)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(diffId);
        ArgumentNullException.ThrowIfNull(history);
        return config.Edit(tree =>
        {
            JsonArray lines = tree["history"] as JsonArray ?? [];
            tree.Remove("history");
            for (int known = config.History.Count(line => !line.IsEmptyLayer); known < config.DiffIds.Length; known++)
            {
                lines.Add((JsonNode)new ImageHistory { CreatedBy = "unknown" }.ToJson());
            }

            lines.Add((JsonNode)(history with { IsEmptyLayer = false }).ToJson());
            tree["history"] = lines;
            JsonObject rootfs = (JsonObject)tree["rootfs"]!;
            JsonArray diffIds = rootfs["diff_ids"] as JsonArray ?? [];
            rootfs.Remove("diff_ids");
            diffIds.Add((JsonNode?)JsonValue.Create(diffId.ToString()));
            rootfs["diff_ids"] = diffIds;
        });
    }

    private static ImageConfig EditRun(this ImageConfig config, Action<JsonObject> edit)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Edit(tree =>
        {
            if (tree["config"] is not JsonObject run)
            {
                tree["config"] = run = [];
            }

            edit(run);
        });
    }
}
