# What a server for repositories does: every object gets the same name in every run.
set -e
export GIT_AUTHOR_DATE='2000-01-01T00:00:00Z' GIT_COMMITTER_DATE='2000-01-01T00:00:00Z'
export GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
git config --global user.name Tester
git config --global user.email tester@example.org
git config --global init.defaultBranch main
git config --global gc.auto 0
git init --quiet one
cd one
for number in $(seq 1 40); do
  seq "$number" 200 >"file$number"
  git add .
  git commit --quiet --message "change $number"
done
git switch --quiet --create side HEAD~5
echo side >side
git add side
git commit --quiet --message side
git switch --quiet main
git merge --quiet --no-edit side
git log --oneline | head -n 3
git diff --stat HEAD~3 | tail -n 1
git gc --quiet
git fsck --strict
git count-objects -v | grep -E '^(count|in-pack|packs)'
git stash list | wc -l
git worktree add --quiet ../tree side
git -C ../tree status --short | wc -l
git bundle create --quiet ../bundle main
cd ..
git clone --quiet bundle two
git -C two log --format=%H -n 1
git clone --quiet one three
git -C three grep -c 199 -- file1 file10
git -C three blame -s file3 | tail -n 1
git -C three archive HEAD | sha256sum
