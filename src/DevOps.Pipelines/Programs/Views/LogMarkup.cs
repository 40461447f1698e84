namespace DevOps.Pipelines;

/// <summary>Finds which CI system reads what a program writes.</summary>
internal static class LogMarkup
{
    internal static ILogMarkup? Find(PipelineTerminal terminal) => terminal switch
    {
        _ when terminal.Variable("GITHUB_ACTIONS") == "true" => new GitHubMarkup(),
        _ when terminal.Variable("GITLAB_CI") is not null => new GitLabMarkup(),
        _ when terminal.Variable("TEAMCITY_VERSION") is not null => new TeamCityMarkup(),
        _ => null,
    };
}
