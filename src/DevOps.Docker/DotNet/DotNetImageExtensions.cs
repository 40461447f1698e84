using System.Collections.Immutable;
using DevOps.Archives.Directories;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>Puts published .NET applications into images.</summary>
public static class DotNetImageExtensions
{
    private const int Executable = 0x1ED;

    /// <summary>Returns a builder with a published application: one layer each for its runtime (if published along), its packages and its own files, and a configuration that starts it.</summary>
    /// <param name="image">The image to build on: one with the .NET runtime, unless the application is self-contained.</param>
    /// <param name="publishDirectory">The folder that <c>dotnet publish</c> wrote.</param>
    /// <param name="options">How; <see cref="DotNetAppOptions.Default"/> if <see langword="null"/>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="DevOpsException">The folder does not hold exactly one published application.</exception>
    public static ImageBuilder WithDotNetApp(this ImageBuilder image, string publishDirectory, DotNetAppOptions? options = null) =>
        image.WithDotNetApp(DotNetApp.Read(publishDirectory), options);

    /// <summary>Returns a builder with a published application that was read before.</summary>
    /// <param name="image">The image to build on: one with the .NET runtime, unless the application is self-contained.</param>
    /// <param name="app">The application.</param>
    /// <param name="options">How; <see cref="DotNetAppOptions.Default"/> if <see langword="null"/>.</param>
    public static ImageBuilder WithDotNetApp(this ImageBuilder image, DotNetApp app, DotNetAppOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(app);
        options ??= DotNetAppOptions.Default;
        foreach ((string description, ImmutableArray<string> files) in ((string, ImmutableArray<string>)[])[
            (".NET runtime", app.RuntimeFiles), ("packages", app.PackageFiles), ("application", app.ApplicationFiles)])
        {
            image = files.IsEmpty ? image : image.WithLayer(Layer.FromFiles(
                description,
                files.Select(file => new LayerFile(Path.Combine(app.PublishDirectory, file), $"{options.Directory.TrimEnd('/')}/{file}")
                {
                    // The program starts the container, also of an image that was built where files have no such bit.
                    Mode = file == app.Name ? Executable : null,
                }),
                new DirectoryOptions { ModifiedAt = options.ModifiedAt }));
        }

        return image
            .WithEntrypoint([.. app.CommandIn(options.Directory)])
            .WithConfig(config => Configured(config.WithWorkingDirectory(options.Directory), options));
    }

    private static ImageConfig Configured(ImageConfig config, DotNetAppOptions options)
    {
        config = config.User.Length == 0 ? config.WithUser(options.User) : config;
        if (options.Port is not { } port)
        {
            return config;
        }

        config = config.WithExposedPort(port);
        return config.Env.Any(pair => pair.StartsWith("ASPNETCORE_HTTP_PORTS=", StringComparison.Ordinal))
            ? config
            : config.WithEnv("ASPNETCORE_HTTP_PORTS", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
